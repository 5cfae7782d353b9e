//! Payment flows of XGateway as pure state machines with thin async drivers.
