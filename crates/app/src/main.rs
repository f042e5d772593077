//! `dunlin`: reads the command line and hands over to `cli`.

use std::process::ExitCode;

/// A run makes and drops many small values; the system's allocator spends a sixth of its time on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    dunlin::cli::main()
}
