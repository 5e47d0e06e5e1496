//! Which of tract's kernels the models run on.
//!
//! tract takes those for AVX-512 where the processor has it. On AMD's Zen 4 the ones for AVX2 and FMA are a fifth
//! faster at our models' shapes. tract is told so by its environment alone, before it first looks at the processor,
//! and a process cannot change its own environment safely: it starts itself once more, in place. Nothing of this
//! concerns a Raspberry Pi.
//!
//! What must never be here: a choice that was not measured.

#[cfg(target_arch = "x86_64")]
use std::os::unix::process::CommandExt;

/// What tract reads: features to do without, each after a minus.
#[cfg(target_arch = "x86_64")]
const VARIABLE: &str = "TRACT_CPU_ISA";

/// Puts this program, with its arguments, in its own place with the faster kernels chosen, and does not return then.
/// It does where they are chosen already: by nature, by whoever set the variable, or by the call before. Where the
/// program cannot be started again it goes on as it is. To be called before anything was opened or begun.
pub fn choose() {
    #[cfg(target_arch = "x86_64")]
    if std::env::var_os(VARIABLE).is_none() && slow_avx512() {
        let mut arguments = std::env::args_os();
        if let (Ok(program), Some(name)) = (std::env::current_exe(), arguments.next()) {
            let mut again = std::process::Command::new(program);
            let failed = again.arg0(name).args(arguments).env(VARIABLE, "-avx512f").exec();
            eprintln!("slower than it could be: {failed}");
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn slow_avx512() -> bool {
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let says = |what: &str, value: &str| {
        let mut lines = processor.lines().filter_map(|line| line.split_once(':'));
        lines.any(|(key, is)| key.trim() == what && is.trim() == value)
    };
    // Of AMD's family 25 only Zen 4 has AVX-512.
    std::arch::is_x86_feature_detected!("avx512f")
        && says("vendor_id", "AuthenticAMD")
        && says("cpu family", "25")
}
