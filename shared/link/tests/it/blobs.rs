//! A blob comes whole or not at all, over any line and from any peer.

use dwellers_link::blobs::{Asking, Failure, PATIENCE_MS, TRIES, answer, hex, parse, span};
use dwellers_link::wire::{BlobHash, MAX_PART_BYTES, Message, Part, Want};
use proptest::prelude::*;

const MOST: u64 = 200_000;

fn blob(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * 31 % 251) as u8).collect()
}

fn hash(bytes: &[u8]) -> BlobHash {
    blake3::hash(bytes).into()
}

/// What a peer that has the blob answers.
fn serve(blob: &[u8], want: &Want) -> Part {
    let span = span(want, blob.len() as u64);
    let bytes = blob[span.start as usize..span.end as usize].to_vec();
    match answer(want, Some((blob.len() as u64, bytes))) {
        Message::Part(part) => part,
        other => panic!("{other:?}"),
    }
}

fn part(from: u64, of: u64, bytes: Vec<u8>) -> Part {
    Part { hash: [1; 32], from, of, bytes }
}

#[test]
fn hashes_are_written_in_one_way() {
    let hash = hash(b"x");
    assert_eq!(parse(&hex(&hash)), Some(hash));
    for wrong in ["", &hex(&hash)[1..], &hex(&hash).to_uppercase(), &"я".repeat(32)] {
        assert_eq!(parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_blob_comes_part_by_part_and_from_where_it_was_cut() {
    let blob = blob(3 * MAX_PART_BYTES + 5);
    let mut kept = blob[..MAX_PART_BYTES + 1].to_vec();
    let mut asking = Asking::new(hash(&blob), kept.len() as u64, MOST);
    let mut asked = Vec::new();
    while let Some(want) = asking.due(0).unwrap() {
        assert_eq!(asking.due(PATIENCE_MS - 1), Ok(None), "one at a time");
        asked.push(want.from);
        kept.extend(asking.take(serve(&blob, &want)).unwrap().unwrap());
    }
    assert!(asking.is_whole() && kept == blob);
    let begun = MAX_PART_BYTES as u64 + 1;
    assert_eq!(asked, [0, 1, 2].map(|n| begun + n * MAX_PART_BYTES as u64)[..asked.len()]);
    // What was whole already is asked for once, to hear that it is; nothing comes twice.
    let mut asking = Asking::new(hash(&blob), blob.len() as u64, MOST);
    let want = asking.due(0).unwrap().unwrap();
    assert_eq!(asking.take(serve(&blob, &want)), Ok(Some(Vec::new())));
    assert!(asking.is_whole());
    assert_eq!(asking.take(serve(&blob, &want)), Ok(None));
    assert_eq!(asking.due(PATIENCE_MS), Ok(None));
}

#[test]
fn a_blob_of_nothing_is_one() {
    let mut asking = Asking::new(hash(b""), 0, MOST);
    let want = asking.due(0).unwrap().unwrap();
    assert_eq!(asking.take(serve(b"", &want)), Ok(Some(Vec::new())));
    assert!(asking.is_whole());
}

#[test]
fn who_does_not_answer_is_asked_again_and_then_no_more() {
    let mut asking = Asking::new([1; 32], 5, MOST);
    for n in 0..u64::from(TRIES) {
        assert_eq!(asking.due(n * PATIENCE_MS), Ok(Some(Want { hash: [1; 32], from: 5 })));
    }
    assert_eq!(asking.due(u64::from(TRIES) * PATIENCE_MS - 1), Ok(None));
    assert_eq!(asking.due(u64::from(TRIES) * PATIENCE_MS), Err(Failure::Silent));
    // An answer starts the count anew.
    let mut asking = Asking::new([1; 32], 0, MOST);
    for n in 1..u64::from(3 * TRIES) {
        assert!(asking.due(n * PATIENCE_MS).unwrap().is_some());
        assert!(asking.take(part(n - 1, MOST, vec![0])).unwrap().is_some());
    }
}

#[test]
fn a_peer_that_does_not_have_it_ends_the_fetch_and_no_other() {
    let asking = Asking::new([1; 32], 0, MOST);
    assert_eq!(asking.without([2; 32]), Ok(()));
    assert_eq!(asking.without([1; 32]), Err(Failure::Without));
    assert_eq!(answer(&Want { hash: [1; 32], from: 0 }, None), Message::Without([1; 32]));
}

#[test]
fn a_peer_that_lies_is_not_believed() {
    let begun = || {
        let mut asking = Asking::new([1; 32], 0, MOST);
        asking.due(0).unwrap();
        asking.take(part(0, 100, vec![0; 10])).unwrap();
        asking.due(0).unwrap();
        asking
    };
    for (why, lie, expected) in [
        ("longer than before", part(10, 101, vec![0]), Failure::Lie),
        ("shorter than before", part(10, 99, vec![0]), Failure::Lie),
        ("a part of nothing", part(10, 100, vec![]), Failure::Lie),
        ("beyond the end", part(10, 100, vec![0; 91]), Failure::Lie),
        ("endless", part(10, u64::MAX, vec![0]), Failure::TooLong { of: u64::MAX, most: MOST }),
    ] {
        let refused = begun().take(lie).unwrap_err();
        assert_eq!(refused, expected, "{why}");
        assert!(refused.is_lie());
    }
    let mut asking = begun();
    assert_eq!(asking.take(part(0, 100, vec![0; 10])), Ok(None), "a second time");
    assert_eq!(asking.take(part(20, 100, vec![0; 10])), Ok(None), "not the next");
    assert_eq!(asking.take(Part { hash: [2; 32], ..part(10, 100, vec![0]) }), Ok(None), "another's");
    // Less than the host has from before.
    let mut asking = Asking::new([1; 32], 50, MOST);
    asking.due(0).unwrap();
    assert_eq!(asking.take(part(49, 49, vec![])), Err(Failure::Lie));
    // What nobody asked for.
    let mut asking = Asking::new([1; 32], 0, MOST);
    assert_eq!(asking.take(part(0, 100, vec![0])), Ok(None));
    assert!(!Failure::Without.is_lie() && !Failure::Silent.is_lie());
}

/// What happens to an answer on its way.
#[derive(Clone, Debug)]
enum Fate {
    Comes,
    IsLost,
    ComesTwice,
    /// It comes after so many others.
    IsLate(usize),
    /// It loses its end.
    IsCut(prop::sample::Index),
    /// One of its bytes is another.
    IsFalse(prop::sample::Index),
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate = prop_oneof![
        4 => Just(Fate::Comes),
        2 => Just(Fate::IsLost),
        2 => Just(Fate::ComesTwice),
        2 => (1..5_usize).prop_map(Fate::IsLate),
        1 => any::<prop::sample::Index>().prop_map(Fate::IsCut),
        1 => any::<prop::sample::Index>().prop_map(Fate::IsFalse),
    ];
    prop::collection::vec(fate, 0..40)
}

proptest! {
    /// Against the plain model that what is kept is always a beginning of the blob, as long as nobody made a byte false;
    /// then the hash tells.
    #[test]
    fn over_any_line_it_comes_whole_or_the_hash_tells(
        length in 0..MOST as usize,
        begun in any::<prop::sample::Index>(),
        fates in fates(),
    ) {
        let blob = blob(length);
        let mut kept = blob[..begun.index(length + 1)].to_vec();
        let mut asking = Asking::new(hash(&blob), kept.len() as u64, MOST);
        let (mut fates, mut at_ms, mut is_false) = (fates.into_iter(), 0, false);
        let mut late: Vec<(usize, Part)> = Vec::new();
        while !asking.is_whole() {
            let mut comes = Vec::new();
            match asking.due(at_ms) {
                Ok(Some(want)) => {
                    let mut part = serve(&blob, &want);
                    match fates.next().unwrap_or(Fate::Comes) {
                        Fate::Comes => comes.push(part),
                        Fate::IsLost => {}
                        Fate::ComesTwice => comes.extend([part.clone(), part]),
                        Fate::IsLate(by) => late.push((by, part)),
                        Fate::IsCut(at) => {
                            part.bytes.truncate(at.index(part.bytes.len() + 1).max(1));
                            comes.push(part);
                        }
                        Fate::IsFalse(at) => {
                            if let Some(at) = (!part.bytes.is_empty()).then(|| at.index(part.bytes.len())) {
                                part.bytes[at] ^= 1;
                                is_false = true;
                            }
                            comes.push(part);
                        }
                    }
                }
                Ok(None) => at_ms += PATIENCE_MS / 2,
                Err(why) => {
                    // As a line that is cut: what is here stays, and it is asked for again.
                    prop_assert_eq!(why, Failure::Silent);
                    asking = Asking::new(hash(&blob), kept.len() as u64, MOST);
                }
            }
            for (by, part) in &mut late {
                *by -= 1;
                if *by == 0 {
                    comes.push(part.clone());
                }
            }
            late.retain(|(by, _)| *by > 0);
            for part in comes {
                kept.extend(asking.take(part).unwrap().unwrap_or_default());
                prop_assert_eq!(kept.len() as u64, asking.has());
                prop_assert!(kept.len() <= blob.len());
                prop_assert!(is_false || blob.starts_with(&kept));
            }
        }
        prop_assert_eq!(hash(&kept) == hash(&blob), kept == blob);
        prop_assert!(is_false || kept == blob);
    }

    /// Whatever a peer says, the host never keeps more than its limit, and it ends.
    #[test]
    fn no_peer_fills_the_host(
        parts in prop::collection::vec((0..20_u64, prop_oneof![0..40_u64, Just(u64::MAX)], 0..20_usize), 0..200),
    ) {
        const LITTLE: u64 = 30;
        let mut asking = Asking::new([1; 32], 0, LITTLE);
        let mut kept = 0;
        for (from, of, length) in parts {
            let Ok(_) = asking.due(0) else { break };
            match asking.take(part(from, of, vec![0; length])) {
                Ok(bytes) => kept += bytes.map_or(0, |bytes| bytes.len() as u64),
                Err(why) => {
                    prop_assert!(why.is_lie());
                    break;
                }
            }
            prop_assert!(kept <= LITTLE && kept == asking.has());
        }
    }
}
