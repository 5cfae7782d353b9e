//! The command line of XGateway.
