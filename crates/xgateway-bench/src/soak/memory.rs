//! How much memory a receiver takes.

use std::fs;

/// After the first quarter of a run no sample may be so much above the highest of that quarter.
pub(super) const GROWTH_KIB_MAX: u64 = 8 * 1024;

/// The resident memory of a process, in KiB; `None` where there is no `/proc`.
pub(super) fn resident_kib(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// By how much the samples grow after the first quarter; `None` if there are too few to say.
pub(super) fn growth_kib(samples: &[u64]) -> Option<u64> {
    let (first, rest) = samples.split_at_checked(samples.len() / 4)?;
    let base = first.iter().max()?;
    let highest = rest.iter().max()?;
    Some(highest.saturating_sub(*base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_what_comes_after_the_first_quarter() {
        assert_eq!(growth_kib(&[]), None);
        assert_eq!(growth_kib(&[10, 20, 30]), None);
        assert_eq!(growth_kib(&[10, 20, 15, 20, 18, 20, 20, 20]), Some(0));
        assert_eq!(growth_kib(&[10, 20, 15, 20, 18, 90, 20, 20]), Some(70));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_takes_memory() {
        assert!(resident_kib(std::process::id()).unwrap() > 500);
    }
}
