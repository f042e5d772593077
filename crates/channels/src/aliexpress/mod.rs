//! The client of the AliExpress Open Platform.
