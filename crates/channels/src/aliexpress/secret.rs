//! Text that is never printed: app secrets and tokens. Whoever needs it says so by calling [`Secret::expose`].

/// A secret. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for signing, sending and sealing, never for a log or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text without this secret in it: a server may repeat in its answer what it was sent.
    pub(crate) fn blot_out(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_string() } else { text.replace(&self.0, "…") }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing() {
        let secret = Secret::new("helloworld");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.blot_out("token helloworld is old"), "token … is old");
    }
}
