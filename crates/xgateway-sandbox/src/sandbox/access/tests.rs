use http::Uri;

use super::*;

fn judge(access: &Access, method: &Method, path: &str, headers: &[(&str, &str)]) -> Verdict {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().unwrap();
        map.append(name, value.parse().unwrap());
    }
    access.judge(method, &path.parse::<Uri>().unwrap(), &map)
}

#[test]
fn without_a_token_only_names_of_this_machine_are_served() {
    for (host, want) in [
        ("127.0.0.1:4010", Verdict::Welcome),
        ("127.9.9.9", Verdict::Welcome),
        ("localhost:4010", Verdict::Welcome),
        ("LocalHost", Verdict::Welcome),
        ("shop.localhost:1", Verdict::Welcome),
        ("[::1]:4010", Verdict::Welcome),
        ("[::1]", Verdict::Welcome),
        ("rebound.example:4010", Verdict::StrangeHost),
        ("127.0.0.1.rebound.example", Verdict::StrangeHost),
        ("localhost.rebound.example", Verdict::StrangeHost),
        ("192.168.0.7:4010", Verdict::StrangeHost),
        ("", Verdict::StrangeHost),
    ] {
        for path in ["/inspector", "/api/v2/gateway8"] {
            let verdict = judge(&Access::Loopback, &Method::GET, path, &[("host", host)]);
            assert_eq!(verdict, want, "{host} {path}");
        }
    }
}

#[test]
fn only_pages_of_ours_may_change_something() {
    let here = "127.0.0.1:4010";
    for (path, headers, want) in [
        ("/inspector/clock", &[][..], Verdict::Welcome),
        (
            "/inspector/clock",
            &[("origin", "http://127.0.0.1:4010")],
            Verdict::Welcome,
        ),
        (
            "/inspector/clock",
            &[("origin", "http://127.0.0.1:9999")],
            Verdict::StrangeOrigin,
        ),
        (
            "/3ds/0/approve",
            &[("origin", "https://evil.example")],
            Verdict::StrangeOrigin,
        ),
        (
            "/3ds/0/approve",
            &[("origin", "null")],
            Verdict::StrangeOrigin,
        ),
        (
            "/inspector/clock",
            &[("sec-fetch-site", "cross-site")],
            Verdict::StrangeOrigin,
        ),
        (
            "/inspector/clock",
            &[("sec-fetch-site", "same-origin")],
            Verdict::Welcome,
        ),
        (
            "/_sandbox/clock",
            &[("origin", "http://localhost:3000")],
            Verdict::Welcome,
        ),
        (
            "/_sandbox/clock",
            &[("origin", "http://evil.example")],
            Verdict::StrangeOrigin,
        ),
        // Its key is a header, which no page can send without consent.
        (
            "/api/v2/gateway8",
            &[("origin", "http://evil.example")],
            Verdict::Welcome,
        ),
    ] {
        let mut headers = headers.to_vec();
        headers.push(("host", here));
        let verdict = judge(&Access::Loopback, &Method::POST, path, &headers);
        assert_eq!(verdict, want, "{path} {headers:?}");
    }
}

#[test]
fn a_token_opens_pages_and_controls() {
    let token = AccessToken::parse("open-sesame").unwrap();
    let cookie = token.cookie();
    let (beside, wrong) = (format!("a=b; {cookie}"), format!("{cookie}0"));
    let access = Access::Token(token);
    for (path, headers, want) in [
        ("/inspector", &[][..], Verdict::NeedsToken),
        ("/", &[], Verdict::NeedsToken),
        ("/docs", &[], Verdict::NeedsToken),
        ("/_sandbox/events", &[], Verdict::NeedsToken),
        // Customers have none.
        ("/3ds/0", &[], Verdict::Welcome),
        ("/kyc/0", &[], Verdict::Welcome),
        ("/checkout/0", &[], Verdict::Welcome),
        ("/public/0.svg", &[], Verdict::Welcome),
        ("/_sandbox/health", &[], Verdict::Welcome),
        ("/api/v2/balance/accounts", &[], Verdict::Welcome),
        (
            "/inspector",
            &[("x-sandbox-token", "open-sesame")],
            Verdict::Welcome,
        ),
        (
            "/inspector",
            &[("authorization", "Bearer open-sesame")],
            Verdict::Welcome,
        ),
        ("/inspector", &[("cookie", &*beside)], Verdict::Welcome),
        ("/inspector", &[("cookie", &*wrong)], Verdict::NeedsToken),
        (
            "/inspector",
            &[("cookie", "xgateway_sandbox=open-sesame")],
            Verdict::NeedsToken,
        ),
        (
            "/inspector",
            &[("x-sandbox-token", "")],
            Verdict::NeedsToken,
        ),
    ] {
        let mut headers = headers.to_vec();
        headers.push(("host", "sandbox.team.example"));
        let verdict = judge(&access, &Method::GET, path, &headers);
        assert_eq!(verdict, want, "{path} {headers:?}");
    }
    assert_eq!(format!("{access:?}"), "Token(AccessToken(**))");
}
