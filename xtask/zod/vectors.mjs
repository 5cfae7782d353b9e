// Writes the vectors that hold our rule engine to zod 3. See README.md.
//
//     node vectors.mjs SCRATCH_FOLDER [--check]

import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { documentVectors } from "./documents.mjs";
import { stringVectors } from "./strings.mjs";

const ZOD_VERSION = "3.25.76";
const NODE_MAJOR = "20";
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const STRINGS = "crates/xgateway-core/tests/vectors/strings.json";
const DOCUMENTS = "crates/xgateway-api/tests/vectors/gateway8.ndjson";
const DIFFERS = "crates/xgateway-api/tests/vectors/gateway8-differs.ndjson";

const [scratch, option] = process.argv.slice(2);
if (scratch === undefined || (option !== undefined && option !== "--check")) {
  fail("usage: node vectors.mjs SCRATCH_FOLDER [--check]");
}

// zod lives in the scratch folder, so that the repository holds no packages.
const load = createRequire(resolve(scratch, "anything.js"));
const { version } = load("zod/package.json");
if (version !== ZOD_VERSION) {
  fail(`these vectors are made with zod ${ZOD_VERSION}, not ${version}`);
}
if (process.versions.node.split(".")[0] !== NODE_MAJOR) {
  fail(`the verdicts on URLs are those of Node ${NODE_MAJOR}, not ${process.versions.node}`);
}
const { z } = load("zod");

const { agrees, differs } = documentVectors(z);
const files = [
  [STRINGS, `${ascii(JSON.stringify(stringVectors(z), null, 1))}\n`],
  [DOCUMENTS, lines(agrees)],
  [DIFFERS, lines(differs)],
];
for (const [path, text] of files) {
  const file = join(ROOT, path);
  if (option === "--check") {
    if (readFileSync(file, "utf8") !== text) {
      fail(`${path} is stale: run node vectors.mjs ${scratch}`);
    }
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function lines(vectors) {
  return vectors.map((vector) => `${ascii(JSON.stringify(vector))}\n`).join("");
}

/** The same JSON in ASCII: invisible and combining characters can be seen in a diff. */
function ascii(json) {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
