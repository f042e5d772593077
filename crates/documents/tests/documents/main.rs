//! Letters and documents as a reader gets them: texts word for word, PDFs by their text and pages.

mod account_statements;
mod letters;
mod own_letters;
mod samples;
