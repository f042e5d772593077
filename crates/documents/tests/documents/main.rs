//! Letters as a reader gets them, word for word.

mod firm;
mod letters;
mod own_letters;
mod samples;
