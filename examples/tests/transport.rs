//! The transport of the examples keeps every duty of one, and the guide shows that very text.

#[path = "../plain_transport.rs"]
mod plain_transport;

use plain_transport::PlainTransport;

xgateway_conformance::transport_suite!(|| PlainTransport);

#[test]
fn the_guide_shows_it() {
    // An adapter shows its transport to others.
    let source = include_str!("../plain_transport.rs").replace("pub(crate) ", "pub ");
    let at = source
        .find("/// The most bytes")
        .expect("it begins with its limits");
    let guide = include_str!("../../docs/guides/custom-transport.md");
    assert!(guide.contains(&source[at..]), "the guide shows another one");
}
