//! `dunlin`: links the program with its printer and hands over to its command line.

use std::process::ExitCode;

/// A run makes and drops many small values; the system's allocator spends a sixth of its time on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Database, letters, backups, exports: whatever this program writes is for whoever runs it, and nobody else here.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    dunlin::printer::install(dunlin_printer::statement_pdf);
    dunlin::cli::main()
}
