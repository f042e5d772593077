#[path="../tests/documents/samples.rs"] mod samples;
use dunlin_core::party::Language; use dunlin_documents::{pdf::*,account_statement::*};
fn main(){ let latin=Fonts::new(vec![]).unwrap();
 for n in [1,20] { let r=|i:i32|{ let s=samples::statement(Language::En,&format!("Rossi {i} Srl"),n); account_statement_pdf(&s,&latin).unwrap(); }; (0..12).for_each(r);  }
}
