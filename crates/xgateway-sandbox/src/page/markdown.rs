//! Markdown as HTML: what descriptions in the OpenAPI document are written in.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Event, Options, Parser, Tag, html};

/// The paragraphs, lists, tables and links of a text. Whatever is HTML in it is shown as the text that it is, and a link
/// leads to a page of the web or of the same document.
pub(super) fn markdown(text: &str) -> Markup {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(harmless);
    let mut out = String::new();
    html::push_html(&mut out, events);
    PreEscaped(out)
}

/// The same for a text of one paragraph, without the paragraph.
pub(super) fn inline_markdown(text: &str) -> Markup {
    let PreEscaped(html) = markdown(text);
    let only = html
        .trim_end()
        .strip_prefix("<p>")
        .and_then(|rest| rest.strip_suffix("</p>"))
        .filter(|inner| !inner.contains("<p>"));
    PreEscaped(only.map_or(html.clone(), str::to_owned))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other marks become elements that carry nothing from outside"
)]
fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let is_web = ["https://", "http://", "#"]
                .iter()
                .any(|start| dest_url.starts_with(start));
            let dest_url = if is_web { dest_url } else { "#".into() };
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            })
        }
        // An image would be fetched from elsewhere; its words say what it shows.
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(pulldown_cmark::TagEnd::Image) => Event::End(pulldown_cmark::TagEnd::Emphasis),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_and_html_stays_text() {
        for (text, want) in [
            (
                "`a < b` and **so**",
                "<p><code>a &lt; b</code> and <strong>so</strong></p>\n",
            ),
            ("one\n\ntwo", "<p>one</p>\n<p>two</p>\n"),
            ("- x", "<ul>\n<li>x</li>\n</ul>\n"),
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            (
                "a <img src=x onerror=y> b",
                "<p>a &lt;img src=x onerror=y&gt; b</p>\n",
            ),
            ("[x](javascript:alert)", "<p><a href=\"#\">x</a></p>\n"),
            (
                "[x](https://e.example/?a=\"b)",
                "<p><a href=\"https://e.example/?a=%22b\">x</a></p>\n",
            ),
            ("![x](https://e.example/i.png)", "<p><em>x</em></p>\n"),
        ] {
            assert_eq!(markdown(text).into_string(), want, "{text}");
        }
    }

    #[test]
    fn one_paragraph_needs_none_around_it() {
        assert_eq!(inline_markdown("a `b`").into_string(), "a <code>b</code>");
        let two = inline_markdown("a\n\nb").into_string();
        assert_eq!(two, "<p>a</p>\n<p>b</p>\n");
    }
}
