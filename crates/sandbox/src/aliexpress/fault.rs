//! A refusal in the service's own words, in both of its envelopes.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// Why a call is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub code: String,
    pub sub_code: String,
    pub message: String,
    /// The service answers 200 to what it refuses; faults that are put in may say otherwise.
    pub http_status: u16,
    pub request_id: String,
}

impl Fault {
    pub(super) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            sub_code: String::new(),
            message: message.into(),
            http_status: 200,
            request_id: String::new(),
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.http_status).unwrap_or(StatusCode::OK)
    }

    /// As `/sync` says it.
    pub(super) fn business(&self) -> Value {
        let mut inside = json!({"type": "ISV", "code": self.code, "msg": self.message, "request_id": self.request_id});
        if !self.sub_code.is_empty() {
            inside["sub_code"] = self.sub_code.as_str().into();
        }
        json!({ "error_response": inside })
    }

    /// As `/rest` says it: no envelope, and `message` in place of `msg`.
    pub(super) fn system(&self) -> Value {
        let mut bare =
            json!({"type": "ISV", "code": self.code, "message": self.message, "request_id": self.request_id});
        if !self.sub_code.is_empty() {
            bare["sub_code"] = self.sub_code.as_str().into();
        }
        bare
    }
}
