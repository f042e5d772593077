#[path="../tests/documents/samples.rs"] mod samples;
use std::time::Instant; use dunlin_core::party::Language; use dunlin_documents::{pdf::*,account_statement::*,letter::*};
fn rss()->String{ std::fs::read_to_string("/proc/self/status").unwrap().lines().filter(|l|l.starts_with("VmRSS")||l.starts_with("VmHWM")).collect::<Vec<_>>().join(" ") }
fn main(){
 println!("start {}",rss());
 let t=Instant::now(); let latin=Fonts::new(vec![]).unwrap(); println!("latin fonts {:?} {}",t.elapsed(),rss());
 for n in [1,5,20,45] { let s=samples::statement(Language::En,"Rossi Srl",n); let t=Instant::now(); let b=account_statement_pdf(&s,&latin).unwrap(); println!("first en-{n} {:?} {} bytes {}",t.elapsed(),b.len(),rss()); }
 for n in [1,5,20,45] { let t=Instant::now(); for i in 0..50 { let s=samples::statement(Language::En,&format!("Rossi {i} Srl"),n); account_statement_pdf(&s,&latin).unwrap(); } println!("warm en-{n} {:?} {}",t.elapsed()/50,rss()); }
 let t=Instant::now(); let cjk=Fonts::new(["Regular","Bold"].iter().map(|w|(std::fs::read(format!("/usr/share/fonts/opentype/noto/NotoSansCJK-{w}.ttc")).unwrap(),2)).collect()).unwrap(); println!("cjk fonts {:?} {}",t.elapsed(),rss());
 for round in ["first","second"] { let s=samples::statement(Language::Zh,"上海长江进出口有限公司",8); let t=Instant::now(); let b=account_statement_pdf(&s,&cjk).unwrap(); println!("{round} zh-8 {:?} {} bytes {}",t.elapsed(),b.len(),rss()); }
 let t=Instant::now(); for i in 0..50 { let s=samples::statement(Language::Zh,&format!("上海长江进出口有限公司{i}"),8); account_statement_pdf(&s,&cjk).unwrap(); } println!("warm zh-8 {:?} {}",t.elapsed()/50,rss());
 let mut files=vec![]; for l in Language::ALL { for e in std::fs::read_dir(format!("{}/../../letters/{}",env!("CARGO_MANIFEST_DIR"),l.code())).unwrap(){ let p=e.unwrap().path(); files.push((l,p.file_name().unwrap().to_string_lossy().into_owned(),std::fs::read_to_string(p).unwrap())); } }
 let t=Instant::now(); let texts=LetterTexts::new(files).ok().unwrap(); println!("letters parsed {:?}",t.elapsed());
 let t=Instant::now(); let p=check::check(&texts); println!("check {:?} {}",t.elapsed(),p.len());
 for (n,l) in [(1,Language::En),(1,Language::Es),(1,Language::Zh),(10,Language::Es)] { let mut f=samples::letter("b5_second_reminder",l); for i in 1..n {f.items.push(samples::item(&format!("INV-{i}"),100000,3));} let t=Instant::now(); let mut len=0; for _ in 0..20000 { len+=texts.render(&f).unwrap().body.len(); } println!("letter {l:?} {n} items {:?} {}",t.elapsed()/20000,len/20000); }
 let mut f=samples::letter("b5_second_reminder",Language::En); println!("{:#?}",texts.render(&f)); f.language=Language::Es; println!("{}",texts.render(&f).unwrap().body);
}
