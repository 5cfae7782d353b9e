//! A stateful, deterministic sandbox of the XGateway payment gateway.
