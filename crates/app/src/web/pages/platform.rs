//! `GET /platform-debts`.

pages! {
    /// What platforms owe as HTML.
    render: crate::web::view::platform::PlatformDebts = "platform.html";
}
