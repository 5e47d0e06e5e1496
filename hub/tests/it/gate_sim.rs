//! The simulator bites: each mistake that it is there for is planted, and found; without one it finds nothing.

use dwellers_hub::fault::{Fault, plant};
use dwellers_hub::sim::{Failure, Options, play};

/// The first story, of at most so many, that comes out wrong with a fault planted.
fn first_failure(fault: Option<Fault>, seeds: u64) -> Option<Failure> {
    plant(fault);
    let failure = (1..=seeds).find_map(|seed| play(seed, Options::default(), &mut |_| {}).err());
    plant(None);
    failure
}

#[test]
fn every_planted_fault_is_found() {
    let mut missed = Vec::new();
    for fault in Fault::ALL {
        match first_failure(Some(fault), 500) {
            Some(failure) => println!("{fault:?}: {failure}"),
            None => missed.push(fault),
        }
    }
    assert!(missed.is_empty(), "not found in 500 stories: {missed:?}");
}

#[test]
fn without_a_fault_the_same_stories_come_out_right() {
    assert!(first_failure(None, 300).is_none());
}

#[test]
fn a_seed_plays_the_same_story_again() {
    plant(Some(Fault::ForgetPlates));
    let story = |seed| {
        let mut lines = Vec::new();
        let result = play(seed, Options::default(), &mut |line| lines.push(line.to_owned()));
        (lines, result.err().map(|failure| failure.to_string()))
    };
    let wrong = (1..300).find(|seed| story(*seed).1.is_some()).unwrap();
    assert_eq!(story(wrong), story(wrong));
    plant(None);
}
