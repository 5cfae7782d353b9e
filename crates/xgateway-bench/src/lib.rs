//! Benchmarks of XGateway for Rust as ratios against named peers.
