//! The AliExpress Open Platform.
