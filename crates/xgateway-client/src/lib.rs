//! A client for the XGateway API that says who is at fault and whether money may have moved.
