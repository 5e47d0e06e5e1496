//! What every store must do, in one suite: a line at the end of this file runs it on one more of them.
//!
//! The rules are in the replica and not in the stores; what a store can get wrong is an order, a boundary, a
//! snapshot. So each case goes the whole way, from a commit or a merge to what is read, and ends where it can
//! with the digest that must be true.

mod commits;
mod forgetting;
mod identity;
mod merges;
mod reads;
mod urgent;

/// Runs all cases on the stores that an expression makes, each an empty one.
macro_rules! suite {
    ($store:ident, $make:expr) => {
        mod $store {
            suite! { @cases $make;
                commits: create_and_open, refusals, a_fact_without_its_defaults, a_guard_against_change, a_guard_against_a_second_one,
                    a_late_change_of_another_field, batches, large_batches, local_records_stay, clocks;
                reads: pages_in_both_directions, ranges, composite_prefixes, nested_paths, entries_follow_changes,
                    searches, odd_questions, a_schema_that_grows,
                    a_view_names_ids, an_unreadable_record;
                merges: acceptance, whose_a_write_is, refusals_of_a_stamp, refusals_of_a_frame, own_stamps_are_no_news,
                    chunks_in_their_order, forks, same_stamps, many_chunks, last_months;
                urgent: urgent_first, urgent_overtakes, urgent_after_cuts, urgent_chunks_in_their_order,
                    urgency_is_no_word_for_the_rest;
                forgetting: erasures, erasures_before_the_record, horizons, horizons_before_the_record,
                    far_horizons, facts_that_last, the_store_forgets_nothing_of_itself;
                identity: admissions, retirements, a_retired_device_stays_out, registrations_through_the_cloud,
                    a_new_id_after_a_restore, a_copied_disk_issues_again;
            }
        }
    };
    (@cases $make:expr; $($group:ident: $($case:ident),+;)+) => {
        $(mod $group {
            $(#[test]
            fn $case() {
                crate::conformance::$group::$case($make);
            })+
        })+
    };
}

suite!(memory, dwellers_replica::Memory::new);
suite!(sqlite, crate::lab::on_disk);
