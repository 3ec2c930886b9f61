//! Developer chores that need more than cargo: checks against tools that the project itself does not need.
//!
//! Exit status 0: it holds. 1: it does not. 2: a tool is missing, or usage.

mod bench;
mod corpus;
mod driver;
mod guide;
mod header_oracle;
mod report;
mod scaling;
mod tools;
mod wdk_sys;
mod wine;
mod zero_cost;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tools::root;

/// Developer chores that need more than cargo.
#[derive(Parser, Debug)]
#[command(name = "xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand, Debug)]
enum Chore {
    /// Time and memory of `generate` against bindgen over the same interface
    Bench {
        /// The bindgen command
        #[arg(long, default_value = "bindgen", value_name = "PATH")]
        bindgen: PathBuf,
        /// The folder of Wine's headers
        #[arg(long, default_value = "/usr/include/wine/wine", value_name = "DIR")]
        headers: PathBuf,
    },
    /// Time of `import` over 24,000 pages against pulldown-cmark alone reading them
    Corpus {
        /// The vendor's pages, of which copies are made
        #[arg(long, default_value = "../shared/docs", value_name = "DIR")]
        pages: PathBuf,
    },
    /// How the time of each reader of the vendor's pages grows when its input is doubled
    Scaling,
    /// Compile the crate and the example drivers for Windows, with 64-bit and 32-bit pointers, and look at what is in the drivers
    Driver,
    /// Follow the guide of examples/README.md: make its files, build them, load the driver on Wine
    Guide,
    /// Let a C compiler judge layouts and signatures of spec-data against an independent header
    HeaderOracle {
        /// The folder of Wine's headers
        #[arg(long, default_value = "/usr/include/wine/wine", value_name = "DIR")]
        headers: PathBuf,
    },
    /// Try the page of `diff --format html` in a browser: filters, keys, complaints, requests
    Report {
        /// The browser
        #[arg(long, default_value = "chromium", value_name = "PATH")]
        browser: PathBuf,
        /// Where to put a picture of it
        #[arg(long, value_name = "FILE")]
        screenshot: Option<PathBuf>,
    },
    /// Run the drivers on Wine's WSK provider, against peers on 127.0.0.1
    Wine {
        /// So many runs in a row
        #[arg(long, default_value_t = 1, value_name = "N")]
        runs: usize,
        /// Instead, make bindings that are wrong, and see that the scenarios fail
        #[arg(long)]
        mutants: bool,
        /// Instead, run the drivers as debug builds, which assert the level at every call
        #[arg(long, conflicts_with_all = ["mutants", "wdk_sys"])]
        debug: bool,
        /// Instead, run the driver on wdk-sys, which `cargo xtask wdk-sys` compiles
        #[arg(long, conflicts_with = "mutants")]
        wdk_sys: bool,
    },
    /// Compile with the types of wdk-sys, for this machine and for Windows, without the driver kit
    WdkSys,
    /// Compare the machine code of wrappers with that of the same calls by hand
    ZeroCost,
}

/// Why a chore did not end well.
enum Failure {
    /// What was to be shown does not hold.
    DoesNotHold(String),
    /// The machine lacks something.
    CannotRun(String),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Bench { bindgen, headers } => bench::run(&bindgen, &headers),
        Chore::Corpus { pages } => corpus::run(&root().join(pages)),
        Chore::Scaling => scaling::run(),
        Chore::Driver => driver::run(),
        Chore::Guide => guide::run(),
        Chore::HeaderOracle { headers } => header_oracle::run(&headers),
        Chore::Report { browser, screenshot } => report::run(&browser, screenshot.as_deref()),
        Chore::Wine { mutants: true, .. } => wine::mutants::run(),
        Chore::Wine { wdk_sys: true, .. } => wine::wdk_sys(),
        Chore::Wine { debug: true, .. } => wine::debug(),
        Chore::Wine { runs, .. } => wine::run(runs),
        Chore::WdkSys => wdk_sys::run(),
        Chore::ZeroCost => zero_cost::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::DoesNotHold(why)) => {
            eprintln!("xtask: {why}");
            ExitCode::from(1)
        }
        Err(Failure::CannotRun(why)) => {
            eprintln!("xtask: {why}");
            ExitCode::from(2)
        }
    }
}
