//! `xgateway spec`: the OpenAPI document.

use std::io::{self, Write as _};

use serde::Serialize;
use xgateway::api::OPENAPI;
use xgateway::api::sources::{SOURCES, SourceKind};

use crate::arguments::SpecArguments;
use crate::console::Console;
use crate::failure::Failure;

pub(super) fn execute(arguments: &SpecArguments, console: &mut Console) -> Result<(), Failure> {
    if arguments.sources {
        return sources(console);
    }
    if console.is_json() {
        return console.document(&Printed {
            ok: true,
            media_type: "application/yaml",
            document: OPENAPI,
        });
    }
    let mut out = Console::bulk();
    out.write_all(OPENAPI.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::output)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    ok: bool,
    media_type: &'static str,
    document: &'static str,
}

/// Lists where each fact comes from, a line each: how much it weighs, what it is about, what is claimed, the place.
fn sources(console: &mut Console) -> Result<(), Failure> {
    if console.is_json() {
        let sources = SOURCES.iter().map(|source| Row {
            location: source.location,
            claim: source.claim,
            kind: name(source.kind),
            place: source.place,
        });
        return console.document(&Sources {
            ok: true,
            sources: sources.collect(),
        });
    }
    let mut out = Console::bulk();
    let mut write = || -> io::Result<()> {
        for source in SOURCES {
            let (kind, location, claim) = (name(source.kind), source.location, source.claim);
            writeln!(out, "{kind:<8}  {location}  {claim}: {}", source.place)?;
        }
        out.flush()
    };
    write().map_err(Failure::output)?;
    drop(out);
    let count = |kind| SOURCES.iter().filter(|source| source.kind == kind).count();
    console.note(format_args!(
        "{} from the seed pages, {} from other documents, {} inferred",
        count(SourceKind::Seed),
        count(SourceKind::Docs),
        count(SourceKind::Inferred)
    ));
    Ok(())
}

#[derive(Serialize)]
struct Sources {
    ok: bool,
    sources: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    location: &'static str,
    claim: &'static str,
    kind: &'static str,
    place: &'static str,
}

fn name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Seed => "seed",
        SourceKind::Docs => "docs",
        SourceKind::Inferred => "inferred",
    }
}
