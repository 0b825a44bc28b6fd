//! `stores [NAME…] [--scale F] [--rounds N] [--json FILE] [--list]`: a large object streamed to
//! SeaweedFS and to the local disk, by pq and by its peers, each in a process of its own. Contests
//! whose name holds a NAME run, or all. `PQ_STORE_SEAWEEDFS` says where the server is, as `cargo
//! xtask servers` gives it.

mod arguments;
mod contest;
mod local;
mod object;
mod source;
mod system;

use arguments::Task;
use contest::Contest;

fn main() {
    let done = match arguments::parse(std::env::args().skip(1)) {
        Ok(Task::List(arguments)) => {
            for contest in Contest::wanted(&arguments) {
                println!("{}", contest.name());
            }
            Ok(())
        }
        Ok(Task::Run(arguments)) => contest::run_all(&arguments),
        Ok(Task::Work(system, source, target)) => contest::work(system, &source, &target),
        Err(message) => Err(message.into()),
    };
    if let Err(error) = done {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
