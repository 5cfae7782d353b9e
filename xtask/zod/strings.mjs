// Texts at and around the edges of every string format, and zod's verdict on each.

import { Random, mutate } from "./random.mjs";
import { PATTERNS } from "./schema.mjs";

const MUTATED_VALID_MAX = 120;
const MUTATED_INVALID_MAX = 200;
const ATTEMPTS = 20_000;

/**
 * Hosts whose verdict changes with the version of the IDNA tables, so with the version of Node: right-to-left
 * letters beside others, pure ASCII in Punycode, and characters that a later version admits. They are kept apart.
 */
const HOSTS_BY_VERSION = ["a\u05d0.com", "1\u05d0.com", "\u0661.com", "xn--a-.com", "xn--abc-.com", "\u2183.com", "\u2132.com", "\u1806.com", "\u180e.com"];

/** `{ email: { valid: [..], invalid: [..] }, .., urlByVersion: { .. }, patterns: { "^..$": { valid, invalid } } }` */
export function stringVectors(z) {
  const formats = {};
  for (const [name, { check, seeds, alphabet }] of Object.entries(FORMATS)) {
    const schema = check(z.string());
    formats[name] = judge(name, seeds(), alphabet, (text) => schema.safeParse(text).success);
  }
  const byVersion = { valid: [], invalid: [] };
  for (const url of HOSTS_BY_VERSION.map((host) => `https://${host}/x`)) {
    byVersion[z.string().url().safeParse(url).success ? "valid" : "invalid"].push(url);
  }
  const patterns = {};
  for (const [name, { seeds, alphabet }] of Object.entries(PATTERN_TEXTS)) {
    const pattern = PATTERNS[name];
    patterns[pattern.source] = judge(name, seeds(), alphabet, (text) => pattern.test(text));
  }
  return { ...formats, urlByVersion: byVersion, patterns };
}

function judge(name, seeds, alphabet, accepts) {
  const random = new Random([...name].reduce((sum, letter) => sum * 31 + letter.codePointAt(0), 8));
  const seen = new Set();
  const verdicts = { valid: [], invalid: [] };
  const add = (text, room) => {
    if (seen.has(text) || !text.isWellFormed()) {
      return;
    }
    const list = accepts(text) ? verdicts.valid : verdicts.invalid;
    if (list.length < room(list)) {
      seen.add(text);
      list.push(text);
    }
  };

  const all = [...new Set([...COMMON, ...seeds])];
  all.forEach((text) => add(text, () => Infinity));
  const curated = new Map(Object.values(verdicts).map((list) => [list, list.length]));
  const room = (list) =>
    curated.get(list) + (list === verdicts.valid ? MUTATED_VALID_MAX : MUTATED_INVALID_MAX);

  // Half of the mutations start from a good text: from a bad one it is seldom that anything good comes.
  const short = (list) => list.filter((text) => text.length < 120);
  const sources = [short(verdicts.valid), short(all)];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    add(mutate(random, random.pick(sources[attempt % 2]), alphabet), room);
  }
  return verdicts;
}

/** Texts that every format gets. */
const COMMON = [
  "", " ", "  ", "\t", "\n", "\r\n", "\u0000", "\u00a0", "\ufeff", "\u200b", "\u2028", ".", "-", ":", "::", "@", "/", "0", "1",
  "a", "null", "undefined", "NaN", "true", "{}", "[]", "\u{1f4b6}", "\u0660", "\uff11", "x".repeat(5000), "0".repeat(5000),
];

/** `text` with white space and other invisible things around and inside. */
function wrapped(text) {
  const around = [" ", "\t", "\n", "\r", "\r\n", "\u0000", "\u0001", "\u001f", "\u007f", "\u0085", "\u00a0", "\u2028", "\u3000", "\ufeff", "\u200b"];
  const half = Math.floor(text.length / 2);
  return around.flatMap((mark) => [mark + text, text + mark, text.slice(0, half) + mark + text.slice(half)]);
}

/** `text` with the digit 1 and the digit 0 out of other scripts. */
function foreignDigits(text) {
  return [0x0660, 0x06f0, 0x0966, 0xff10, 0x1d7ce].map((zero) =>
    text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit))),
  );
}

function emails() {
  const locals = [
    "a", "A", "7", "_", "+", "-", "'", ".", "a.b", "a..b", ".a", "a.", "a.b.c.d", "-a", "a-", "_a", "a_", "+a", "a+", "'a", "a'",
    "o'neil", "a''b", "''a", "a'.b", "a.'b", "a+tag", "a+", "++", "a+b+c", "john.doe", "john_doe", "john-doe", "JOHN.DOE",
    "0", "123", "a!b", "a#b", "a$b", "a%b", "a&b", "a*b", "a/b", "a=b", "a?b", "a^b", "a`b", "a{b", "a|b", "a}b", "a~b",
    "a b", " a", "a ", "\"a\"", "\"a b\"", "\"\"", "a\"b", "a\\b", "a@b", "a,b", "a;b", "a:b", "a<b", "a>b", "a(b)", "a[b]",
    "\u00fc", "m\u00fcller", "\u043f\u043e\u0447\u0442\u0430", "\u7528\u6237", "a\u0301", "\u017f", "\u212a", "\u0131", "\uff41", "\u{1f600}",
    "a\tb", "a\nb", "a\u0000b", "a\u200bb", "", "x".repeat(64), "x".repeat(65), "x".repeat(300), "x.".repeat(40) + "x",
  ];
  const domains = [
    "b.co", "B.CO", "example.com", "EXAMPLE.COM", "example.c", "example.co.uk", "a.b.c.d.e.fr", "7.co", "1.2.3.com", "a-b.com", "a--b.com",
    "-a.com", "a-.com", "a-.-b.com", "-.com", "a_b.com", "_a.com", "example", "localhost", "com", ".com", "example.", "example.com.", "example..com",
    ".example.com", "example.c0m", "example.1com", "example.com1", "example.123", "example.co-m", "example.c-m", "example.-com", "example.com-",
    "xn--mller-kva.de", "example.xn--p1ai", "example.museum", "example.photography", "example." + "z".repeat(80), "z".repeat(64) + ".com",
    ("z".repeat(60) + ".").repeat(6) + "com", "m\u00fcller.de", "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "example.\u0440\u0444", "example\u3002com", "example\uff0ecom",
    "exam ple.com", "example.com ", " example.com", "example.com\n", "example.com\t", "exam\nple.com", "127.0.0.1", "[127.0.0.1]", "[IPv6:::1]",
    "example.com:25", "example.com/", "example,com", "example.com,b.co", "example.com;b.co", "example@example.com", "", "\u212a.com", "b.\u017fo", "b.c\u212a", "b.\u0131o",
    "a+b.com", "a'b.com", "(c)example.com", "example.com(c)", "ex\u00adample.com", "example.c\u043em",
  ];
  const mixed = locals.flatMap((local) => [`${local}@example.com`, `${local}@b.co`]);
  return [
    "john.doe@example.com", ...mixed, ...domains.map((domain) => `john.doe@${domain}`), ...domains.slice(0, 20).map((domain) => `a@${domain}`),
    ...wrapped("john.doe@example.com"), ...foreignDigits("john1@example.com"),
    "mailto:john@example.com", "John <john@example.com>", "<john@example.com>", "john@example.com john@example.com", "john@example.com,jane@example.com",
    "@example.com", "john@", "@", "john", "example.com", "john example.com", "john@@example.com", "john@a@example.com", "john%example.com@example.org",
    "john(comment)@example.com", "john.doe\uff20example.com", "john\u2024doe@example.com", "john..doe@example.com", "john.doe@example..com", "..@example.com",
    "a..\n@b.co", "\n..a@b.co", `${"a".repeat(3000)}@${"b".repeat(3000)}.com`, `a@${"b.".repeat(500)}com`, `${".a".repeat(200)}@b.co`, `${"a.".repeat(200)}a@b.co`,
  ];
}

function urls() {
  const schemes = [
    "http://example.com", "https://example.com", "HTTPS://EXAMPLE.COM", "hTTps://example.com", "ftp://example.com", "ws://example.com", "wss://example.com",
    "file:///etc/passwd", "file://host/share", "file:", "file:/", "file://", "file:///", "file:///C:/x", "file://C:/x", "file:C|/x", "file://localhost/x", "file://user@host/x", "file://host:80/x", "file:\\\\host\\x",
    "javascript:alert(1)", "javascript:", "mailto:john@example.com", "mailto:", "data:text/plain,hello", "data:,", "tel:+4915123456789", "urn:isbn:0451450523",
    "about:blank", "blob:https://example.com/uuid", "blob:", "view-source:https://example.com", "chrome://settings", "myapp://callback", "myapp:", "myapp:/", "myapp://", "myapp:///", "my-app://x", "my.app://x", "my+app://x", "my_app://x", "1app://x", "-app://x", "+app:x", ".app:x", "a:", "a:b", "A:", "Z1:", "\u00e4:b", "a\u00e4:b", "a b:c",
    "example.com", "www.example.com", "example.com/path", "//example.com", "/path", "path", "?query", "#fragment", "localhost", "localhost:8080", "localhost:8080/path", "127.0.0.1", "127.0.0.1:80", "example.com:80", "example.com:80/path", "user@example.com", "::1", "[::1]", "C:\\x", "c:/x",
    "http:", "http:/", "http://", "http:///", "http:////", "http:example.com", "http:/example.com", "http:///example.com", "http:////example.com", "http:\\\\example.com", "http:\\example.com", "http:/\\example.com", "https:?", "https:#", "https://?", "https://#", "https://?x", "https:///?x", "https:x", "https:@", "https://@", "https://@/x", "https://:@/x", "https://:80", "https://:", "https:://example.com", "https//example.com", "https;//example.com", "://example.com", ":example.com", "https :// example.com", "ht tps://example.com", "https ://example.com",
  ];
  const hosts = [
    "localhost", "a", "a.", "a..", ".a", ".", "..", "a..b", "a.b.c", "-a.com", "a-.com", "a--b.com", "ab--c.com", "a_b.com", "_", "-", "a b.com", "a%20b.com", "a+b.com", "a!b.com", "a$b.com", "a&b.com", "a'b.com", "a(b).com", "a*b.com", "a,b.com", "a;b.com", "a=b.com", "a~b.com", "a\"b.com", "a`b.com", "a{b}.com", "a<b.com", "a>b.com", "a|b.com", "a^b.com", "a%b.com", "a[b.com", "a]b.com", "a\\b.com", "a#b.com", "a?b.com", "a@b.com", "a:b.com",
    "%65xample.com", "ex%61mple.com", "%2e", "a%2eb", "%00", "%zz", "%", "%2", "%25", "%2f", "%3a", "%40", "%c3%bc", "%ff", "%e4%bd", "a%7fb", "\u007f", "a\u0001b",
    "m\u00fcller.de", "M\u00dcLLER.de", "stra\u00dfe.de", "\u03c3\u03c2.gr", "\u4f8b\u3048.jp", "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "\u0645\u062b\u0627\u0644.\u0625\u062e\u062a\u0628\u0627\u0631", "\u05d0\u05d1.com", "\u05d0a.com", "\u{1f4a9}.la", "\u{1f600}", "ex\u00adample.com", "\u00ad", "\u200b.com", "\u200b", "a\u200d.com", "a\u200c.com", "\u0915\u094d\u200d\u0937.com", "\u0301.com", "a\u0301.com", "example\u3002com", "example\uff0ecom", "\uff45xample.com", "\uff05\uff14\uff11.com", "\uff0e", "\u2024.com", "\u2488com", "\ufeff.com", "\ufffd.com", "\u2260.com", "\u00a0.com", "\u3000.com", "\ue000.com", "\u{10ffff}.com", "\ufdd0.com", "\u0378.com", "\u2f868.com", "\u1e9e.de", "fa\u1e9e.de", "\u0130.com", "\u212a.com", "a\u2044b.com", "\u2100.com", "\u33c2.com", "\u{1d7d6}.com", "\u2460.com", "\u00bd.com",
    "xn--mller-kva.de", "XN--MLLER-KVA.de", "xn--", "xn--.com", "xn--a", "xn--a.com", "xn--ls8h.la", "xn--zz-zzzzz.com", "xn--\u00fc.com", "xn--1ch.com", "xn--55qx5d.cn", "xn--fsqu00a.xn--0zwm56d", "xn--0.com", "xn--xn---epa.com", "xn--99999999", "xn--a-yoc.com", "xn--a-ecp.ru",
    "0", "1", "1.1", "1.2.3", "1.2.3.4", "1.2.3.4.", "1.2.3.4..", "1.2.3.4.5", "1.2.3.256", "256.1.1.1", "01.02.03.04", "0x1", "0x", "0x.0x.0", "0xg", "0x1g.1", "1.0x", "1.0xg", "08", "09.1", "1.08", "4294967295", "4294967296", "0xffffffff", "0x100000000", "037777777777", "1.16777215", "1.16777216", "1.2.65535", "1.2.65536", "999999999999999999999", "1.2.3.a", "a.1", "a.1.", "a.0x1", "a.0xz", "a.08", "1.2.3.-1", "1..2", "1.2.3.4%20", "\uff11.2.3.4", "\u0661.2.3.4", "\u00b9.2.3.4", "foo.1.2.3.4", "foo.2.3.4e5", "1e3", "+1", "1.2.3.09", "192.0x00A80001", "0.0.0.0", "255.255.255.255",
    "[::1]", "[::]", "[::1", "::1]", "[]", "[1]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7]", "[1::2::3]", "[::1.2.3.4]", "[::1.2.3]", "[::1.2.3.256]", "[::1.2.3.04]", "[::1.2.3.4.5]", "[1.2.3.4]", "[1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5:6:7:1.2.3.4]", "[::ffff:1.2.3.4]", "[::12345]", "[::g]", "[::1%25eth0]", "[::1%eth0]", "[fe80::1%25]", "[::1]x", "x[::1]", "[::1].com", "[::1]]", "[[::1]]", "[:1]", "[1:]", "[:::]", "[::1:]", "[1::]", "[1:2:3:4:5:6:7::]", "[::2:3:4:5:6:7:8]", "[1::3:4:5:6:7:8]", "[1:2:3:4::5:6:7:8]", "[v1.x]", "[ ::1]", "[::1 ]", "[::\uff11]", "[::FFFF]", "[0:0:0:0:0:0:0:00001]",
    "a".repeat(63) + ".com", "a".repeat(64) + ".com", "a".repeat(300), ("a".repeat(60) + ".").repeat(5) + "com", "\u00fc".repeat(60) + ".de", "\u00fc".repeat(100) + ".de",
  ];
  const ports = ["", "0", "00", "1", "80", "443", "0443", "8080", "65535", "65536", "99999", "000065535", "000065536", "4294967296", "99999999999999999999", "-1", "+1", "1.5", "0x50", "80a", "a", " ", " 80", "80 ", "8 0", "8\t0", "\uff18", "\u0668", "80:80", "%38"];
  const rest = [
    "/", "//", "/a b", "/a\tb", "/a\nb", "/\u0000", "/%", "/%zz", "/%00", "/\u00fc", "/\u{1f600}", "/../..", "/./", "/\\", "/<>\"`{}|^", "/[", "/;=,", "?", "?a=b&c=d", "?a b", "?\u00fc", "?%zz", "?'\"<>", "#", "#a b", "#\u0000", "#a#b", "?#", "/#?", "\\", "\\\\x", "?\\", "/\ud83d\ude00", "/\ufffe", "/\u{1fffe}", "/a:b@c",
  ];
  const users = ["user@", "user:pass@", "user:@", ":pass@", ":@", "@", "a@b@", "a:b:c@", "us er@", "us%20er@", "u\u00fc@", "u/s@", "u?s@", "u#s@", "u[s@", "user:pa ss@", "%@", "\"@"];
  return [
    "https://example.com/return?order=1#top", "https://xgateway.example", ...schemes,
    ...hosts.flatMap((host) => [`https://${host}`, `https://${host}/x`]),
    ...hosts.map((host) => `myapp://${host}/x`), ...hosts.slice(0, 60).map((host) => `file://${host}/x`),
    ...ports.map((port) => `https://example.com:${port}`), ...ports.slice(0, 20).map((port) => `myapp://h:${port}/`), ...ports.slice(0, 12).map((port) => `https://[::1]:${port}/`),
    ...rest.map((tail) => `https://example.com${tail}`), ...rest.map((tail) => `myapp:${tail}`),
    ...users.flatMap((user) => [`https://${user}example.com`, `myapp://${user}h`]), ...users.slice(0, 6).map((user) => `https://${user}`),
    ...wrapped("https://example.com/x"), ...foreignDigits("https://1.2.3.4:80/"),
    "  https://example.com", "https://example.com  ", "\t\r\nhttps://example.com\n", "h\tt\ntps://exa\r\nmple.com", "ht\ttp:\n//\rx", "\u0000https://example.com\u001f", "\u001fhttps://x", "\u007fhttps://x", "https\uff1a//example.com", "https:\u2044/example.com",
    "https://example.com/" + "a".repeat(492), "https://example.com/" + "a".repeat(493), "https://example.com/" + "a".repeat(4000), "https://" + "a.".repeat(1000) + "com", "https://example.com/?" + "%20".repeat(1000), "https://" + "u".repeat(2000) + "@example.com", "a".repeat(2000) + ":x",
  ];
}

function ips() {
  const octets = ["0", "00", "000", "1", "01", "001", "9", "09", "10", "010", "99", "099", "100", "199", "200", "249", "250", "255", "256", "259", "260", "299", "300", "999", "1000", "-1", "+1", "", " ", "0x1", "a", "1e0"];
  const v4 = octets.flatMap((octet) => [`${octet}.2.3.4`, `1.2.3.${octet}`, `1.${octet}.3.4`]);
  const embedded = octets.flatMap((octet) => [`::${octet}.2.3.4`, `::1.2.3.${octet}`, `::ffff:1.${octet}.3.4`, `64:ff9b::1.2.3.${octet}`, `::ffff:0:1.2.3.${octet}`]);
  const group = (index) => "123456789abc"[index];
  const runs = [];
  for (let before = 0; before <= 9; before += 1) {
    for (let after = 0; after <= 9; after += 1) {
      const left = Array.from({ length: before }, (_, at) => group(at)).join(":");
      const right = Array.from({ length: after }, (_, at) => group(at)).join(":");
      if (before + after <= 10) {
        runs.push(`${left}::${right}`, `${left}::${right}${after === 0 ? "" : ":"}1.2.3.4`);
      }
    }
    const plain = Array.from({ length: before }, (_, at) => group(at)).join(":");
    runs.push(plain, `${plain}:`, `:${plain}`, `${plain}:1.2.3.4`);
  }
  const zones = [
    "fe80::1%eth0", "fe80::1%0", "fe80::%1", "fe80:%1", "fe80::1%", "fe80::1%eth-0", "fe80::1%eth0.1", "fe80::1%eth_0", "fe80::1%25eth0", "FE80::1%eth0", "Fe80::1%eth0", "fe80::1%ETH0", "fe80::1:2:3:4%a", "fe80::1:2:3%a", "fe80::1:2:3:4:5%a", "fe80:1:2:3:4%a", "fe80:1:2:3:4:5%a", "fe80:0:0:0:0:0:0:1%a", "fe80::::%a", "fe80:::::%a", "fe80::::::%a", "fe80:1:::%a", "fe80:12345%a", "fe80:1%a", "fe80%a", "fe80:%", "fe80:ABCD%z", "fe80:g%a", "fe81::1%eth0", "febf::1%eth0", "::1%lo", "::%a", "2001:db8::1%eth0", "127.0.0.1%lo", "fe80::1.2.3.4%a", "fe80:%\u00fc", "fe80:%a b", "fe80:%\uff11", "fe80::1%eth0 ", "fe80::1/64%a", "ff02::1%a", "fe80::1%" + "z".repeat(300), "fe80:0000:0000:0000:0000%a", "fe80:00000%a", "fe80:\n%a",
  ];
  const mapped = [
    "::ffff:1.2.3.4", "::FFFF:1.2.3.4", "::Ffff:1.2.3.4", "::fffF:1.2.3.4", "::ffff:0:1.2.3.4", "::ffff:00:1.2.3.4", "::ffff:000:1.2.3.4", "::ffff:0000:1.2.3.4", "::ffff:00000:1.2.3.4", "::ffff:1:1.2.3.4", "::FFFF:0:1.2.3.4", "::0:1.2.3.4", "::1:1.2.3.4", "::abcd:1.2.3.4", "0::1.2.3.4", "0:0::1.2.3.4", "0:0:0:0:0:ffff:1.2.3.4", "0:0:0:0:0:0:1.2.3.4", "0::ffff:1.2.3.4", "1:2:3:4::1.2.3.4", "1:2:3:4:5::1.2.3.4", "1::2:1.2.3.4", "64:ff9b::192.0.2.33", "64:FF9B::192.0.2.33", "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:5", "1.2.3.4::", "1.2.3.4:5::", "::1.2.3.4:", ":1.2.3.4", ":::1.2.3.4", "::ffff::1.2.3.4", "::ffff.1.2.3.4", "::01.02.03.04", "::1.2.3.04", "::1.2.3.00", "::ffff:09.08.07.06", "::1.2.3.004", "::1.2.3.256", "::ffff:255.255.255.255", "::1.2.3.", "::.1.2.3", "::1..2.3", "::0.0.0.0", "::00.00.00.00", "64:ff9b::09.9.9.9", "12345::1.2.3.4", "g::1.2.3.4",
  ];
  return [
    "217.138.202.40", ...v4, ...embedded, ...runs, ...zones, ...mapped,
    "::", ":", ":::", "::::", "::1", "1::", ":1", "1:", "::1:", ":1::", "1:::2", "1::2::3", "::1::", "0:0:0:0:0:0:0:0", "0000:0000:0000:0000:0000:0000:0000:0000", "00000::", "::00000", "::0001", "::10000", "::ffff", "::FFFF", "::fFfF", "::g", "::-1", "::+1", "::0x1", "2001:db8::8a2e:370:7334", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "2001:DB8:85A3::8A2E:370:7334", "2001:db8:85a3:0:0:8A2E:370:7334:1", "2001:db8:85a3", "abcd:ef01:2345:6789:abcd:ef01:2345:6789", "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "ff02::1", "fe80::", "fe80::1", "FE80::1", "::1/128", "::/0", "2001:db8::/32", "1.2.3.4/24", "[::1]", "[::1]:80", "1.2.3.4:80", "[1.2.3.4]", "1.2.3", "1.2", "1", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1..2.3.4", "1,2,3,4", "1.2.3.4,5.6.7.8", "16909060", "0x7f.0.0.1", "0x7f000001", "127.1", "localhost", "255.255.255.255", "0.0.0.0", "00.0.0.0", "256.256.256.256", "1.2.3.4 ", "1 .2.3.4", "1. 2.3.4", "1.2.3.4\n", "\u2460.2.3.4", "1\u30022.3.4", "1\uff0e2.3.4", "::\uff11", "::\u0661", "\uff1a\uff1a1", "1-2-3-4", "::1 ", " ::1", "::1\n", "1:2:3:4:5:6:7:8\n",
    ...wrapped("192.168.0.1"), ...wrapped("2001:db8::1"), ...foreignDigits("192.168.0.1"), ...foreignDigits("2001:db8::1"),
  ];
}

function uuids() {
  const good = "ff36a7a5-08fd-418a-a150-f6f2d36676a8";
  const versions = Array.from("0123456789abcdefABCDEF", (digit) => `ff36a7a5-08fd-${digit}18a-a150-f6f2d36676a8`);
  const variants = Array.from("0123456789abcdefABCDEF", (digit) => `ff36a7a5-08fd-418a-${digit}150-f6f2d36676a8`);
  const lengths = [
    [7, 4, 4, 4, 12], [9, 4, 4, 4, 12], [8, 3, 4, 4, 12], [8, 5, 4, 4, 12], [8, 4, 3, 4, 12], [8, 4, 5, 4, 12], [8, 4, 4, 3, 12], [8, 4, 4, 5, 12], [8, 4, 4, 4, 11], [8, 4, 4, 4, 13], [8, 4, 4, 4], [8, 4, 4, 4, 12, 4], [4, 8, 4, 4, 12], [12, 4, 4, 4, 8], [32], [16, 16], [8, 4, 4, 16], [8, 8, 4, 12], [0, 4, 4, 4, 12], [8, 4, 4, 4, 0],
  ].map((groups) => groups.map((length) => "3".repeat(length)).join("-"));
  return [
    good, good.toUpperCase(), "Ff36a7A5-08fD-418a-A150-f6F2d36676a8", ...versions, ...variants, ...lengths,
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "12345678-1234-1234-1234-123456789012",
    `{${good}}`, `(${good})`, `urn:uuid:${good}`, `"${good}"`, good.replaceAll("-", ""), good.replaceAll("-", "_"), good.replaceAll("-", " "), good.replaceAll("-", ":"), good.replaceAll("-", "\u2010"), good.replaceAll("-", "\u2013"), good.replaceAll("-", "\u2212"), good.replaceAll("-", "--"), `-${good}`, `${good}-`, `${good}${good}`, `${good},${good}`, `${good} ${good}`, good.slice(1), good.slice(0, -1), `${good}0`, `0${good}`,
    good.replace("f", "g"), good.replace("f", "G"), good.replace("f", "\uff46"), good.replace("a", "\u0430"), good.replace("6", "\u0666"), good.replace("3", "\uff13"), good.replace("f", "f\u0301"), good.replace("a", "\u{1d41a}"), good.replace("0", "O"), good.replace("1", "l"),
    ...wrapped(good), ...foreignDigits(good),
  ];
}

function dates() {
  const years = ["0000", "0001", "0004", "0096", "0099", "0100", "0104", "0196", "0200", "0300", "0400", "0500", "1000", "1100", "1200", "1582", "1600", "1700", "1752", "1800", "1896", "1899", "1900", "1901", "1904", "1970", "1996", "1999", "2000", "2001", "2002", "2003", "2004", "2006", "2008", "2010", "2012", "2014", "2020", "2023", "2024", "2026", "2028", "2038", "2090", "2096", "2100", "2104", "2200", "2300", "2400", "2500", "3200", "3600", "4000", "5000", "6000", "6400", "8800", "9200", "9600", "9900", "9996", "9998", "9999"];
  const ends = Array.from({ length: 14 }, (_, month) => String(month).padStart(2, "0")).flatMap((month) => ["00", "01", "28", "29", "30", "31", "32"].map((day) => `2001-${month}-${day}`));
  return [
    "2000-02-10", ...years.flatMap((year) => [`${year}-02-29`, `${year}-02-28`]), ...years.slice(0, 6).flatMap((year) => [`${year}-01-01`, `${year}-12-31`, `${year}-02-30`]), ...ends, "2024-02-30", "2024-02-31", "2000-02-30", "1582-10-10",
    "2000-2-10", "2000-02-1", "2000-02-010", "2000-002-10", "200-02-10", "02000-02-10", "20000-02-10", "+2000-02-10", "-2000-02-10", "+002000-02-10", "-000001-01-01", "00-02-10", "2000-02", "2000", "2000-02-", "2000-", "-02-10", "2000--02-10", "2000-02--10", "2000/02/10", "2000.02.10", "2000 02 10", "20000210", "2000-0210", "200002-10", "10-02-2000", "10.02.2000", "02/10/2000", "10 Feb 2000", "2000-Feb-10", "2000-W06-4", "2000-041", "2000-02-10T", "2000-02-10Z", "2000-02-10T00:00:00", "2000-02-10T00:00:00Z", "2000-02-10T00:00:00.000Z", "2000-02-10 00:00", "2000-02-10+01:00", "T2000-02-10", "2000-13-01", "2000-00-10", "2000-02-00", "2000-1a-10", "2000-01-1a", "a000-01-10", "2000-01-10-", "-2000-01-10", "2000-01-102000-01-10", "2000-01-10,2000-01-10", "2000-01-10/2000-02-10", "2000\u201302\u201310", "2000\u201002\u201010", "2000\u221202\u221210", "\uff12000-02-10", "2000-0\u0662-10", "0x00-02-10", "1e03-02-10", "2000-02-1O", "yyyy-mm-dd", "today", "1970-01-01\n", "\n1970-01-01",
    ...wrapped("2000-02-10"), ...foreignDigits("2000-02-10"), ...wrapped("2004-02-29"),
  ];
}

const FORMATS = {
  email: { check: (text) => text.email(), seeds: emails, alphabet: "abzAZ019.-_+'@!# \u00fc\u212a\n\"" },
  url: { check: (text) => text.url(), seeds: urls, alphabet: "ahtps:/\\.@?#%[]0127 \t\u00fc\u3002-_x<|" },
  ip: { check: (text) => text.ip(), seeds: ips, alphabet: "0123456789abcdefABCDEF:.:.:%gz/ \uff11" },
  uuid: { check: (text) => text.uuid(), seeds: uuids, alphabet: "0123456789abcdefABCDEF--gG_ \u0661\uff21" },
  date: { check: (text) => text.date(), seeds: dates, alphabet: "01234567890123--/.T \u0661\uff11" },
};

const FULL_WIDTH = "\uff11\uff12\uff13\uff14\uff15";
const ARABIC = "\u0661\u0662\u0663\u0664\u0665";

const PATTERN_TEXTS = {
  phone: {
    alphabet: "0123456789 +-()\u0661\uff11\n",
    seeds: () => [
      "49 15123456789",
      ...[0, 1, 2, 3, 4].flatMap((prefix) => [0, 1, 3, 4, 5, 13, 14, 15, 20].map((rest) => `${"4".repeat(prefix)} ${"7".repeat(rest)}`)),
      "0 0000", "000 0000", "+49 15123456789", "0049 15123456789", "49  15123456789", "49\t15123456789", "49\u00a015123456789", "4915123456789", "49-15123456789", "49 151 23456789", "49 (151)23456789", "49 151-2345", " 49 15123456789", "49 15123456789 ", "49 15123456789x", "x49 15123456789", "49 1512x", "49 1.512", "49 1e10", "4 9 15123", "49 15123456789\n49 15123456789", "4\n9 12345", "49 \n12345",
      `49 ${FULL_WIDTH}`, `${FULL_WIDTH.slice(0, 2)} 12345`, `49 ${ARABIC}`, `${ARABIC.slice(0, 2)} 12345`, `49 1234${ARABIC}`, "49 \u0967\u0968\u0969\u096a", "49 \u00b2\u00b2\u00b2\u00b2", "49 \u{1d7d8}\u{1d7d8}\u{1d7d8}\u{1d7d8}",
      ...wrapped("49 15123456789"), ...foreignDigits("49 15123456789"),
    ],
  },
  digits: {
    alphabet: "0123456789.-+ eE\u0661\uff11\u00b2\n",
    seeds: () => [
      "12", "2028", "012", "0000", "444", "4444", "44444", "-1", "+1", "1.0", "1,0", "1 2", "1e1", "0x1", "1a", "a1", "twelve", "12\n", "\n12", "1\n2", "12\n\n", "\n", "12\r", "12\r\n", "12\u2028", "12\u2029", "12\u0085", "12\u0000", "12 ", " 12", FULL_WIDTH, ARABIC, `12${FULL_WIDTH}`, `${ARABIC}12`, "\u0967", "\u00b2", "\u2460", "\u2167", "\u{1d7d8}", "\u{1f51f}", "1\u20e3", "1\u0301", "9".repeat(400),
      ...wrapped("2028"), ...foreignDigits("2028"),
    ],
  },
  decimal: {
    alphabet: "0123456789..-+ ,eE\u0661\uff11\n",
    seeds: () => [
      "0", "1", "10", "007", "00.00", "0.1", "1.0", "10.50", "1.", ".1", ".", "1.2.3", "1..2", "1,5", "1 000", "1_000", "1'000", "+1", "-1", "-0", "1e5", "1E5", "1.5e3", "0x10", "Infinity", "NaN", "1n", "1f", "$1", "1%", "1.a", "a.1", "1.1a",
      ...[1, 2, 17, 18, 19, 30].flatMap((places) => [`0.${"1".repeat(places)}`, `${"9".repeat(40)}.${"0".repeat(places)}`]),
      "9".repeat(400), `${"9".repeat(400)}.1`, "1.5\n", "\n1.5", "1\n.5", "1.\n5", "1\n", "1.5\r", "1.5\u2028", `1.${FULL_WIDTH}`, `${FULL_WIDTH}.5`, `1.${ARABIC}`, `${ARABIC}.5`, "1\u066b5", "1\uff0e5", "1\u30025", "1.\u00b2",
      ...wrapped("10.50"), ...foreignDigits("10.50"),
    ],
  },
};
