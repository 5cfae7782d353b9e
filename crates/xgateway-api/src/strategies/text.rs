//! Texts for a list of checks.

use jiff::civil::Date;
use proptest::prelude::*;
use xgateway_core::issue::{Bound, IssueKind, Size};
use xgateway_core::rules::{Class, Part, Pattern, StringCheck};
use xgateway_core::text;

/// How much longer a text gets where there is no limit.
const SOME: usize = 24;

/// A list of checks, sorted by what they ask.
#[derive(Clone, Copy)]
struct Plan {
    form: Form,
    min: usize,
    max: Option<usize>,
}

/// What a text looks like, apart from its length.
#[derive(Clone, Copy)]
enum Form {
    Free,
    /// Digits, with anything between them.
    Digits,
    Email,
    Url,
    Ip,
    Uuid,
    Date,
    Country,
    Pattern(&'static Pattern),
}

impl Plan {
    fn of(checks: &'static [StringCheck]) -> Self {
        let mut plan = Self {
            form: Form::Free,
            min: 0,
            max: None,
        };
        for check in checks {
            match check {
                StringCheck::Email => plan.form = Form::Email,
                StringCheck::Url => plan.form = Form::Url,
                StringCheck::Ip => plan.form = Form::Ip,
                StringCheck::Uuid => plan.form = Form::Uuid,
                StringCheck::Date => plan.form = Form::Date,
                StringCheck::Pattern(pattern) => plan.form = Form::Pattern(pattern),
                StringCheck::CountryCode => plan.form = Form::Country,
                StringCheck::StripNonDigits => plan.form = Form::Digits,
                StringCheck::LengthMin(min) => plan.min = *min as usize,
                StringCheck::LengthMax(max) => plan.max = Some(*max as usize),
            }
        }
        plan
    }

    fn most(self) -> usize {
        self.max.unwrap_or(self.min + SOME)
    }
}

/// Texts that pass.
pub(super) fn valid(checks: &'static [StringCheck]) -> BoxedStrategy<String> {
    let plan = Plan::of(checks);
    // Both ends are as likely as all between them.
    let length = prop_oneof![
        1 => Just(plan.min),
        1 => Just(plan.most()),
        2 => plan.min..=plan.most(),
    ];
    let formed = match plan.form {
        Form::Free => return length.prop_flat_map(free).boxed(),
        Form::Digits => return length.prop_flat_map(digits).boxed(),
        Form::Pattern(pattern) => parts(pattern.parts, plan),
        Form::Email => "[a-zA-Z0-9_+]{1,8}([.'-][a-z0-9]{1,6}){0,2}@([a-z0-9]([a-z0-9-]{0,6})\\.){1,2}[a-z]{2,6}".boxed(),
        Form::Url => "https?://[a-z]{1,10}\\.(com|example)(:80)?(/[a-zA-Z0-9._~%20-]{0,12}){0,3}(\\?[a-z]{1,5}=[a-z0-9ü]{0,5})?(#[a-z]{1,4})?".boxed(),
        Form::Ip => ip(),
        Form::Uuid => "[0-9a-fA-F]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}".boxed(),
        Form::Date => date(),
        Form::Country => proptest::sample::select(countries()).boxed(),
    };
    formed
        .prop_filter("the length", move |text| {
            let length = text::utf16_length(text);
            length >= plan.min && plan.max.is_none_or(|max| length <= max)
        })
        .boxed()
}

/// Texts that break at least one check, and what they break.
pub(super) fn broken(checks: &'static [StringCheck]) -> Vec<(String, Vec<IssueKind>)> {
    let plan = Plan::of(checks);
    let mut texts: Vec<String> = malformed(plan.form)
        .into_iter()
        .map(str::to_owned)
        .collect();
    if let Form::Pattern(pattern) = plan.form {
        texts.extend(unmatched(pattern, plan));
    }
    let mut lengths = vec![0, plan.min.saturating_sub(1)];
    lengths.extend(plan.max.map(|max| max + 1));
    for length in lengths {
        texts.extend(of_length(plan.form, length));
    }
    if let (Form::Free, Some(max)) = (plan.form, plan.max) {
        // As many characters as are allowed, yet one counts twice.
        texts.push(format!("{}😀", "a".repeat(max.saturating_sub(1))));
    }
    if matches!(plan.form, Form::Digits) {
        // Only digits count.
        texts.push("-".repeat(plan.most()));
    }
    texts.sort_unstable();
    texts.dedup();
    texts
        .into_iter()
        .map(|text| {
            let issues = issues(checks, &text);
            (text, issues)
        })
        .filter(|(_, issues)| !issues.is_empty())
        .collect()
}

/// What a text breaks, in order.
fn issues(checks: &'static [StringCheck], text: &str) -> Vec<IssueKind> {
    let strips = checks
        .iter()
        .any(|check| matches!(check, StringCheck::StripNonDigits));
    let length = if strips {
        text.chars().filter(char::is_ascii_digit).count()
    } else {
        text.encode_utf16().count()
    };
    let invalid = |holds: bool, validation: &'static str| {
        (!holds).then(|| IssueKind::InvalidString {
            validation: validation.into(),
        })
    };
    checks
        .iter()
        .filter_map(|check| match check {
            StringCheck::Email => invalid(text::is_email(text), "email"),
            StringCheck::Url => invalid(text::is_url(text), "url"),
            StringCheck::Ip => invalid(text::is_ip(text), "ip"),
            StringCheck::Uuid => invalid(text::is_uuid(text), "uuid"),
            StringCheck::Date => invalid(text::is_date(text), "date"),
            StringCheck::Pattern(pattern) => invalid(pattern.matches(text), "regex"),
            StringCheck::CountryCode => (!text::is_country_code(text)).then_some(IssueKind::Custom),
            StringCheck::StripNonDigits => None,
            StringCheck::LengthMin(min) => (length < *min as usize).then(|| IssueKind::TooSmall {
                minimum: Size::Known(*min),
                of: "string".into(),
                bound: Bound::Inclusive,
            }),
            StringCheck::LengthMax(max) => (length > *max as usize).then(|| IssueKind::TooBig {
                maximum: Size::Known(*max),
                of: "string".into(),
                bound: Bound::Inclusive,
            }),
        })
        .collect()
}

/// Texts that are nearly of a form.
fn malformed(form: Form) -> Vec<&'static str> {
    match form {
        Form::Free | Form::Digits | Form::Pattern(_) => vec![],
        Form::Email => vec![
            "john.doe",
            "@example.com",
            ".john@example.com",
            "john..doe@example.com",
            "john.@example.com",
            "john@example",
            "john@example.c",
            "jöhn@example.com",
            "john doe@example.com",
        ],
        Form::Url => vec!["", "example.com", "//example.com", "https://", "http://a b"],
        Form::Ip => vec![
            "256.1.1.1",
            "01.2.3.4",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.4 ",
            "::g",
            "12345::",
            "1:2:3:4:5:6:7:8:9",
            "1::2::3",
        ],
        Form::Uuid => vec![
            "00000000-0000-0000-0000-00000000000",
            "00000000-0000-0000-0000-00000000000g",
            "000000000000-0000-0000-0000-00000000",
        ],
        Form::Date => vec![
            "2001-02-29",
            "1900-02-29",
            "2000-04-31",
            "2000-13-01",
            "2000-00-01",
            "2000-01-00",
            "2000-1-1",
            "01-01-2000",
            "2000/01/01",
            "2000-01-01T00:00:00Z",
        ],
        Form::Country => vec!["XX", "cz", "CZE", "C", "UK"],
    }
}

/// A text of a form and of exactly this length, if there is one.
fn of_length(form: Form, length: usize) -> Option<String> {
    let pad = |start: &str, end: &str| {
        let rest = length.checked_sub(start.len() + end.len())?;
        Some(format!("{start}{}{end}", "a".repeat(rest)))
    };
    match form {
        Form::Free => Some("a".repeat(length)),
        // Spaces do not count, so there are some.
        Form::Digits => Some("4 ".repeat(length)),
        Form::Email => pad("a", "@example.com"),
        Form::Url => pad("https://example.com/", ""),
        Form::Pattern(pattern) => pattern_of_length(pattern.parts, length),
        Form::Ip | Form::Uuid | Form::Date | Form::Country => None,
    }
}

/// Characters of every width: one unit, one unit of several bytes, two units.
fn free(units: usize) -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => proptest::char::range('\u{20}', '\u{7e}'),
        2 => proptest::char::range('\u{a1}', '\u{d7ff}'),
        1 => proptest::char::range('\u{1f300}', '\u{1f6ff}'),
    ];
    proptest::collection::vec(character, units).prop_map(move |characters| {
        let mut text = String::new();
        let mut left = units;
        for character in characters {
            // What is left may be too little for a wide one.
            let character = if character.len_utf16() <= left {
                character
            } else {
                'a'
            };
            if left > 0 {
                left -= character.len_utf16();
                text.push(character);
            }
        }
        text
    })
}

/// So many digits, with what people write between them.
fn digits(count: usize) -> impl Strategy<Value = String> {
    let separator = prop_oneof![6 => Just(""), 3 => Just(" "), 1 => Just("-"), 1 => Just("\u{a0}")];
    proptest::collection::vec(("[0-9]", separator), count).prop_map(|digits| {
        digits
            .into_iter()
            .flat_map(|(digit, separator)| [digit, separator.to_owned()])
            .collect()
    })
}

fn ip() -> BoxedStrategy<String> {
    prop_oneof![
        any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|address| address.to_string()),
        any::<std::net::Ipv4Addr>().prop_map(|address| address.to_ipv6_mapped().to_string()),
        any::<u16>().prop_map(|group| format!("2001:DB8::{group:X}")),
        Just("::".to_owned()),
    ]
    .boxed()
}

fn date() -> BoxedStrategy<String> {
    const EDGES: &[&str] = &[
        "2000-02-29",
        "2024-02-29",
        "1999-12-31",
        "0001-01-01",
        "9999-12-31",
    ];
    let any_day = (1_i16..=9999, 1_i8..=12, 1_i8..=31).prop_map(|(year, month, day)| {
        let first = Date::new(year, month, 1).expect("every month has a first day");
        let day = day.min(first.days_in_month());
        format!("{year:04}-{month:02}-{day:02}")
    });
    prop_oneof![4 => any_day, 1 => proptest::sample::select(EDGES).prop_map(str::to_owned)].boxed()
}

fn countries() -> Vec<String> {
    let letters = || 'A'..='Z';
    letters()
        .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
        .filter(|code| text::is_country_code(code))
        .collect()
}

/// Texts that match a sequence of parts, as far as its lengths let them.
fn parts(parts: &'static [Part], plan: Plan) -> BoxedStrategy<String> {
    let is_single = parts.len() == 1;
    let texts: Vec<_> = parts
        .iter()
        .map(|part| match part {
            Part::Optional(inner) => {
                let inner = self::parts(inner, plan);
                proptest::option::of(inner)
                    .prop_map(Option::unwrap_or_default)
                    .boxed()
            }
            Part::Repeat { class, min, max } => {
                let mut fewest = *min as usize;
                let mut most = max.map_or(fewest + SOME, |max| max as usize);
                // A single part must fill the whole length.
                if is_single {
                    fewest = fewest.max(plan.min);
                    most = most.min(plan.most()).max(fewest);
                }
                let count = prop_oneof![Just(fewest), Just(most), fewest..=most];
                let class = *class;
                count
                    .prop_flat_map(move |count| proptest::collection::vec(of_class(class), count))
                    .prop_map(String::from_iter)
                    .boxed()
            }
        })
        .collect();
    texts.prop_map(|texts| texts.concat()).boxed()
}

fn of_class(class: Class) -> impl Strategy<Value = char> {
    proptest::sample::select(class.0)
        .prop_flat_map(|(first, last)| proptest::char::range(first, last))
}

/// The first character of each class, repeated so that the whole has this length.
fn pattern_of_length(parts: &[Part], length: usize) -> Option<String> {
    let repeats = parts.iter().filter_map(|part| match part {
        Part::Repeat { class, min, max } => Some((class, *min as usize, *max)),
        Part::Optional(_) => None,
    });
    let fewest: usize = repeats.clone().map(|(_, min, _)| min).sum();
    let mut more = length.checked_sub(fewest)?;
    let mut text = String::new();
    for (class, min, max) in repeats {
        let room = max.map_or(usize::MAX, |max| max as usize - min);
        let taken = more.min(room);
        more -= taken;
        let (first, _) = class.0.first()?;
        text.extend(std::iter::repeat_n(first, min + taken));
    }
    (more == 0).then_some(text)
}

/// Texts that just fail to match: one character exchanged, added or left out.
fn unmatched(pattern: &Pattern, plan: Plan) -> Vec<String> {
    let own: usize = pattern
        .parts
        .iter()
        .map(|part| match part {
            Part::Repeat { min, .. } => *min as usize,
            Part::Optional(_) => 0,
        })
        .sum();
    let fewest: usize = (plan.min..=plan.most().max(own))
        .find(|&length| pattern_of_length(pattern.parts, length).is_some())
        .unwrap_or(plan.min);
    let Some(good) = pattern_of_length(pattern.parts, fewest) else {
        return Vec::new();
    };
    let characters: Vec<char> = good.chars().collect();
    let mut texts = vec![format!("{good}\n"), format!(" {good}"), format!("+{good}")];
    for at in 0..characters.len() {
        // A digit of another script is no digit to the gateway.
        for other in ['x', ' ', '٣'] {
            let mut changed = characters.clone();
            changed[at] = other;
            texts.push(changed.into_iter().collect());
        }
        let mut shorter = characters.clone();
        shorter.remove(at);
        texts.push(shorter.into_iter().collect());
    }
    for part in pattern.parts {
        if let Part::Repeat {
            class,
            max: Some(max),
            ..
        } = part
            && let Some((first, _)) = class.0.first()
        {
            texts.push(format!("{good}{}", first.to_string().repeat(*max as usize)));
        }
    }
    texts.retain(|text| !pattern.matches(text));
    texts
}
