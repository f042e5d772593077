//! Conditions of steps: CEL expressions over a documented list of fields, nothing else.

use std::fmt;

use cel::{Context, Program, Value};

/// The fields a condition may use, with their types (docs/manual/playbooks.md lists them for users).
pub const FIELDS: &[(&str, FieldType)] = &[
    ("days_overdue", FieldType::Int),
    ("outstanding_minor", FieldType::Int),
    ("amount_minor", FieldType::Int),
    ("partly_paid", FieldType::Bool),
    ("currency", FieldType::Text),
    ("country", FieldType::Text),
    ("is_consumer", FieldType::Bool),
    ("milestone", FieldType::Text),
    ("trigger", FieldType::Text),
    ("promises_broken", FieldType::Int),
    ("role", FieldType::Text),
    ("steps_taken", FieldType::Int),
];

/// Type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    Int,
    Bool,
    Text,
}

/// The values of the fields for one case.
#[derive(Debug, Clone, Default)]
pub struct Fields<'a> {
    pub days_overdue: i64,
    pub outstanding_minor: i64,
    pub amount_minor: i64,
    pub partly_paid: bool,
    pub currency: &'a str,
    pub country: &'a str,
    pub is_consumer: bool,
    pub milestone: &'a str,
    pub trigger: &'a str,
    pub promises_broken: i64,
    pub role: &'a str,
    pub steps_taken: i64,
}

/// A compiled condition with its text.
pub struct Condition {
    pub text: String,
    program: Program,
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({:?})", self.text)
    }
}

impl Condition {
    /// Compiles the text and tries it once, so that unknown fields and wrong types are found when the playbook is
    /// read, not on the day the step is due.
    pub fn parse(text: &str) -> Result<Self, String> {
        let program = Program::compile(text).map_err(|e| format!("‘{text}’ cannot be read: {e}"))?;
        for name in program.references().variables() {
            if !FIELDS.iter().any(|(field, _)| *field == name) {
                let known: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
                return Err(format!("‘{name}’ is not a field; known: {}", known.join(", ")));
            }
        }
        let condition = Self { text: text.to_string(), program };
        condition.holds(&Fields::default())?;
        Ok(condition)
    }

    /// Whether the condition is true for these values.
    pub fn holds(&self, fields: &Fields<'_>) -> Result<bool, String> {
        let mut context = Context::default();
        context.add_variable_from_value("days_overdue", fields.days_overdue);
        context.add_variable_from_value("outstanding_minor", fields.outstanding_minor);
        context.add_variable_from_value("amount_minor", fields.amount_minor);
        context.add_variable_from_value("partly_paid", fields.partly_paid);
        context.add_variable_from_value("currency", fields.currency);
        context.add_variable_from_value("country", fields.country);
        context.add_variable_from_value("is_consumer", fields.is_consumer);
        context.add_variable_from_value("milestone", fields.milestone);
        context.add_variable_from_value("trigger", fields.trigger);
        context.add_variable_from_value("promises_broken", fields.promises_broken);
        context.add_variable_from_value("role", fields.role);
        context.add_variable_from_value("steps_taken", fields.steps_taken);
        match self.program.execute(&context) {
            Ok(Value::Bool(answer)) => Ok(answer),
            Ok(other) => Err(format!("‘{}’ gives {other:?}, not true or false", self.text)),
            Err(error) => Err(format!("‘{}’: {error}", self.text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_unknown_fields_and_wrong_types() {
        assert!(Condition::parse("days_overdue > 3 && currency == 'USD'").is_ok());
        assert!(Condition::parse("days_late > 3").unwrap_err().contains("not a field"));
        assert!(Condition::parse("days_overdue + 3").unwrap_err().contains("not true or false"));
        assert!(Condition::parse("days_overdue >").is_err());
        let fields = Fields { days_overdue: 4, currency: "USD", ..Fields::default() };
        assert_eq!(Condition::parse("days_overdue > 3").expect("valid").holds(&fields), Ok(true));
    }
}
