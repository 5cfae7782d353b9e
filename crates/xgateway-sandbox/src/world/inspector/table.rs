//! A table that is one on a wide window, and a list of cards where there is no room for its columns.

use maud::{Markup, html};

/// A column by its name, and whether there are numbers in it.
#[derive(Clone, Copy)]
pub(super) struct Column(&'static str, bool);

pub(super) const fn words(name: &'static str) -> Column {
    Column(name, false)
}

pub(super) const fn numbers(name: &'static str) -> Column {
    Column(name, true)
}

/// Each cell names its column, which is shown where the head is not. The roles are what the elements mean until a
/// stylesheet lays them out as something else.
pub(super) fn table<const N: usize>(
    columns: [Column; N],
    rows: impl IntoIterator<Item = [Markup; N]>,
) -> Markup {
    let mut rows = rows.into_iter().peekable();
    if rows.peek().is_none() {
        return html! { p.empty { "None yet." } };
    }
    html! {
        // What does not fit all the same scrolls by itself, by keyboard too.
        div.scroll.rows tabindex="0" role="region" aria-label="Table" {
            table role="table" {
                thead role="rowgroup" {
                    tr role="row" {
                        @for Column(name, is_number) in columns {
                            th scope="col" role="columnheader" class=[is_number.then_some("number")] { (name) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for row in rows {
                        tr role="row" {
                            @for (Column(name, is_number), cell) in columns.iter().zip(&row) {
                                td role="cell" data-label=(name) class=[is_number.then_some("number")] { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}
