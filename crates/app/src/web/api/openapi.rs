//! The OpenAPI 3.1 document, made from the code: the nouns annotate their calls, and what is true of every call (keys,
//! problems, ETags, idempotency) is added here from the list of doors, so that it cannot be forgotten in one of them.

use std::sync::LazyLock;

use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::problem::Problem;
use super::{
    audit_log, backups, bank_accounts, cases, channels, company, connections, contacts, days, debtors, imports, jobs,
    letters, looks, me, orders, own, payments, persons, plans, platform_debts, playbooks, problems, products,
    questions, receivables, run, safe_mode, stand_ins, statements, supply, suppressions, talks, tasks, tokens, users,
};
use crate::web::answer::get;
use crate::web::doors::{DOORS, Door, Who};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Dunlin",
        description = "Gets cross-border sellers paid. Manual: docs/manual/api.md.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact()
    ),
    paths(get_document),
    components(schemas(Problem))
)]
struct Document;

pub fn doors() -> Vec<Door> {
    vec![Door::page("/api/v1/openapi.json", Who::Anyone, || get(get_document))]
}

/// This document
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "openapi",
    responses((status = 200, description = "The OpenAPI document", body = Value)))]
async fn get_document() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], TEXT.as_str()).into_response()
}

/// The whole document.
pub fn document() -> Value {
    let nouns = [
        me::Document::openapi(),
        own::Document::openapi(),
        debtors::Document::openapi(),
        contacts::Document::openapi(),
        persons::Document::openapi(),
        supply::Document::openapi(),
        suppressions::Document::openapi(),
        connections::Document::openapi(),
        receivables::Document::openapi(),
        cases::Document::openapi(),
        days::Document::openapi(),
        orders::Document::openapi(),
        platform_debts::Document::openapi(),
        products::Document::openapi(),
        payments::Document::openapi(),
        questions::Document::openapi(),
        plans::Document::openapi(),
        letters::Document::openapi(),
        talks::Document::openapi(),
        playbooks::Document::openapi(),
        tasks::Document::openapi(),
        imports::Document::openapi(),
        statements::Document::openapi(),
        run::Document::openapi(),
        looks::Document::openapi(),
        company::Document::openapi(),
        users::Document::openapi(),
        stand_ins::Document::openapi(),
        bank_accounts::Document::openapi(),
        channels::Document::openapi(),
        safe_mode::Document::openapi(),
        backups::Document::openapi(),
        jobs::Document::openapi(),
        audit_log::Document::openapi(),
        tokens::Document::openapi(),
        problems::Document::openapi(),
    ];
    let mut all = Document::openapi();
    for noun in nouns {
        all.merge(noun);
    }
    let mut document = serde_json::to_value(all).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({"token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of `dunlin token create`, or of this API.",
    }});
    for door in DOORS.iter().filter(|door| door.is_api()) {
        // Without making what is missing: the test below would not see that it is.
        let path = document["paths"].get_mut(door.path);
        if let Some(operation) = path.and_then(|path| path.get_mut(door.method.as_str().to_ascii_lowercase())) {
            complete(operation, door);
        }
    }
    document
}

/// What is true of every call.
fn complete(operation: &mut Value, door: &Door) {
    match door.who {
        Who::Anyone => operation["security"] = json!([]),
        Who::SignedIn => operation["security"] = json!([{"token": []}]),
        // The roles of a scheme without scopes of its own: OpenAPI 3.1, Security Requirement Object.
        Who::May(right) => {
            operation["security"] = json!([{"token": [right.code()]}]);
            operation["x-right"] = json!(right.code());
        }
    }
    let changes = door.method != Method::GET;
    let takes_body = operation["requestBody"].is_object();
    let mut parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    if changes {
        parameters.push(header_parameter(
            "Idempotency-Key",
            "The same request with the same key gets the first answer again, within a day.",
            json!({"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}),
        ));
    }
    if matches!(door.method, Method::PATCH | Method::PUT) {
        parameters.push(header_parameter(
            "If-Match",
            "`ETag` of the thing as it was read: changed only while it is the same.",
            json!({"type": "string"}),
        ));
    }
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    for (status, what) in problems_of(door, changes, takes_body) {
        operation["responses"][status] = json!({
            "description": what,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        });
    }
    if !changes {
        operation["responses"]["200"]["headers"]["ETag"] = json!({
            "description": "Hash of this answer, for `If-None-Match`", "schema": {"type": "string"},
        });
        operation["responses"]["304"] = json!({"description": "Not changed since `If-None-Match`"});
    }
}

fn header_parameter(name: &str, description: &str, schema: Value) -> Value {
    json!({"name": name, "in": "header", "required": false, "description": description, "schema": schema})
}

/// The problems that a call can answer with.
fn problems_of(door: &Door, changes: bool, takes_body: bool) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        ("400", "The request cannot be read"),
        ("404", "Not here, or out of sight"),
        ("422", "A value makes no sense, or the idempotency key belongs to another request"),
        ("429", "Too many requests; `Retry-After` says how long to wait"),
        ("500", "Something went wrong here"),
        ("503", "A backup is being restored; `Retry-After` says how long to wait"),
    ];
    if door.who != Who::Anyone {
        all.push(("401", "No token, or one that opens nothing"));
        all.push(("403", "Role or scopes lack the right"));
    }
    if changes {
        all.push(("409", "Not as things stand; nothing was changed"));
        all.push(("413", "The body is too large"));
    } else if door.path.ends_with("/repair") || door.path.ends_with("/ask") {
        // It shows what would be sent, where that may be.
        all.push(("409", "Not as things stand"));
    }
    if takes_body {
        all.push(("415", "The body is of another type"));
    }
    if matches!(door.method, Method::PATCH | Method::PUT) {
        all.push(("412", "It has changed since it was read"));
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_document_has_the_calls_that_there_are() {
        let document = document();
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().expect("paths") {
            for method in methods.as_object().expect("methods").keys() {
                described.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        let there: BTreeSet<String> =
            DOORS.iter().filter(|door| door.is_api()).map(|door| format!("{} {}", door.method, door.path)).collect();
        assert_eq!(described, there);
        assert_eq!(document["openapi"], "3.1.0");
    }

    #[test]
    fn every_call_names_its_right_and_its_problems() {
        let document = document();
        let mut names = BTreeSet::new();
        for door in DOORS.iter().filter(|door| door.is_api()) {
            let operation = &document["paths"][door.path][door.method.as_str().to_ascii_lowercase()];
            let place = format!("{} {}", door.method, door.path);
            match door.who {
                Who::May(right) => assert_eq!(operation["security"], json!([{"token": [right.code()]}]), "{place}"),
                Who::SignedIn => assert_eq!(operation["security"], json!([{"token": []}]), "{place}"),
                Who::Anyone => assert_eq!(operation["security"], json!([]), "{place}"),
            }
            assert!(operation["responses"]["404"].is_object(), "{place}");
            let id = operation["operationId"].as_str().expect("an id").to_string();
            assert!(names.insert(id.clone()), "{id} twice");
            assert!(operation["summary"].is_string(), "{place} says nothing of itself");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk(value: &Value, document: &Value) {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(place)) = fields.get("$ref") {
                        let pointer = place.trim_start_matches('#');
                        assert!(document.pointer(pointer).is_some(), "{place} leads nowhere");
                    }
                    fields.values().for_each(|value| walk(value, document));
                }
                Value::Array(items) => items.iter().for_each(|value| walk(value, document)),
                _ => {}
            }
        }
        let document = document();
        walk(&document, &document);
    }
}
