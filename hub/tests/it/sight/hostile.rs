//! Files that were made to do harm, or came to it: refused, or read in bounded memory.

use std::fs;
use std::io::Write;

use dwellers_hub::camera::{MAX_FRAME_BYTES, MAX_FRAME_PIXELS};
use dwellers_hub::sight::picture::MAX_PIXELS;
use dwellers_hub::sight::{Colours, DecodeError, Picture};
use jpeg_encoder::SamplingFactor;
use png::{BitDepth, ColorType};
use proptest::prelude::*;

use super::picture::{jpeg, png};
use super::program::Run;

/// Addresses that the program takes for itself and its models; it touches fewer.
const OWN: u64 = 90 << 20;

fn decode(bytes: &[u8]) -> Result<Picture, DecodeError> {
    Picture::decode(bytes, Colours::LeftOut)
}

#[track_caller]
fn damaged(bytes: &[u8]) {
    let result = decode(bytes);
    assert!(matches!(result, Err(DecodeError::Damaged(_))), "{:?}", result.map(|picture| picture.width()));
}

/// The same JPEG with another height and width in its frame header (ITU-T T.81, B.2.2).
fn resized(mut bytes: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let at = bytes.windows(2).position(|two| matches!(two, [0xFF, 0xC0 | 0xC2])).unwrap();
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    // PNG, annex D.
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}

/// A PNG that claims a size and has next to no data.
fn bomb(width: u32, height: u32, kind: [u8; 5]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &kind].concat();
    for (name, data) in
        [(b"IHDR", header.as_slice()), (b"IDAT", &[0x78, 0x9C, 0x63, 0, 0, 0, 1, 0, 1]), (b"IEND", &[])]
    {
        bytes.extend((data.len() as u32).to_be_bytes());
        let chunk = [name.as_slice(), data].concat();
        bytes.extend(&chunk);
        bytes.extend(crc(&chunk).to_be_bytes());
    }
    bytes
}

#[test]
fn a_size_that_is_too_large_is_refused_before_anything_is_decoded() {
    let large = |width: u32, height: u32| Some(DecodeError::TooLarge { width, height, most: MAX_PIXELS });
    let file = jpeg(None, |_| {});
    assert_eq!(decode(&resized(file.clone(), 20_000, 20_000)).err(), large(20_000, 20_000));
    assert_eq!(decode(&resized(file, u16::MAX, u16::MAX)).err(), large(65_535, 65_535));
    let progressive = jpeg(None, |encoder| encoder.set_progressive(true));
    assert_eq!(decode(&resized(progressive, 20_000, 20_000)).err(), large(20_000, 20_000));
    // Eight bits and sixteen, with colours and transparency, interlaced and not.
    for kind in [[8, 0, 0, 0, 0], [16, 6, 0, 0, 0], [16, 6, 0, 0, 1], [1, 0, 0, 0, 0]] {
        assert_eq!(decode(&bomb(20_000, 20_000, kind)).err(), large(20_000, 20_000));
        assert_eq!(
            decode(&bomb(i32::MAX as u32, i32::MAX as u32, kind)).err(),
            large(i32::MAX as u32, i32::MAX as u32)
        );
    }
    const { assert!(MAX_PIXELS < 20_000 * 20_000) };
}

#[test]
fn a_size_with_next_to_nothing_behind_it_is_damage() {
    damaged(&bomb(6_000, 6_000, [8, 2, 0, 0, 0]));
    damaged(&bomb(2_000, 2_000, [16, 6, 0, 0, 1]));
    damaged(&bomb(0, 10, [8, 2, 0, 0, 0]));
    damaged(&resized(jpeg(None, |_| {}), 0, 10));
    // Its data end where its header says that more come, and end well: a picture that is mostly gray.
    let picture = decode(&resized(jpeg(None, |_| {}), 1_000, 2_000)).unwrap();
    assert_eq!(picture.gray().len(), 2_000_000);
}

#[test]
fn what_is_cut_off_is_damaged() {
    let files = [
        jpeg(None, |_| {}),
        jpeg(None, |encoder| encoder.set_progressive(true)),
        png(ColorType::Rgb, BitDepth::Eight, &[90; 48 * 32 * 3], None),
    ];
    for file in files {
        assert!(decode(&file).is_ok());
        // To the middle of what holds the pixels.
        for part in [file.len() / 2, file.len() * 3 / 4] {
            damaged(&file[..part]);
        }
        for part in 0..file.len() {
            let _ = decode(&file[..part]);
        }
    }
}

#[test]
fn a_file_that_is_too_long_is_not_looked_at() {
    let mut bytes = vec![0; (64 << 20) + 1];
    bytes[..3].copy_from_slice(&[0xFF, 0xD8, 0xFF]);
    assert_eq!(decode(&bytes).err(), Some(DecodeError::TooLong((64 << 20) + 1)));
}

/// An interlaced PNG (Adam7) in which nothing is to be seen.
fn interlaced(width: u32, height: u32, depth: BitDepth) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A line more than it needs: each of the seven passes begins its lines with a byte of its own.
    let mut encoder = png::Encoder::new(&mut bytes, width, height + 1);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(depth);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().unwrap();
    let mut stream = writer.stream_writer().unwrap();
    let line = vec![0; width as usize * 4 * if depth == BitDepth::Sixteen { 2 } else { 1 }];
    (0..=height).for_each(|_| stream.write_all(&line).unwrap());
    stream.finish().unwrap();
    drop(writer);
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes[28] = 1;
    let sum = crc(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&sum);
    bytes
}

/// A JPEG that is held whole until its last scan, with as much of each colour as of brightness, or half.
fn progressive(width: u16, height: u16, sampling: SamplingFactor) -> Vec<u8> {
    let file = jpeg(None, |encoder| {
        encoder.set_progressive(true);
        encoder.set_sampling_factor(sampling);
    });
    resized(file, width, height)
}

/// The same JPEG (4:4:4), every colour of which says that it has twice the lines: the decoder then keeps room for twice
/// as much.
fn doubled(mut bytes: Vec<u8>) -> Vec<u8> {
    let at = bytes.windows(2).position(|two| two == [0xFF, 0xC2]).unwrap();
    (0..3).for_each(|colour| bytes[at + 11 + 3 * colour] = 0x12);
    bytes
}

/// The program reads the worst that fits within its limits, or refuses it, in no more memory than is said.
#[test]
fn memory_is_bounded() {
    let run = Run::new();
    let within = |bytes: u64, name: &str, file: &[u8], arguments: &[&str]| {
        fs::write(run.path(name), file).unwrap();
        let (code, out, err) =
            run.read_within(OWN + bytes, &[arguments, &["--json", "--region", "0,0,64,64", name]].concat());
        (code, format!("{name} in {bytes} bytes: {out}{err}"))
    };
    let reads = |bytes: u64, name: &str, file: &[u8], arguments: &[&str]| {
        let (code, said) = within(bytes, name, file, arguments);
        assert_eq!(code, Some(0), "{said}");
    };
    let frame = |bytes: u64| MAX_FRAME_PIXELS * bytes;
    let deep = interlaced(3_600, 2_496, BitDepth::Sixteen);
    let progressive_frame = progressive(3_600, 2_496, SamplingFactor::F_1_1);
    assert!(deep.len().max(progressive_frame.len()) < MAX_FRAME_BYTES);
    reads(frame(2), "deep.png", &deep, &[]);
    reads(frame(8), "frame.jpg", &progressive_frame, &[]);
    // The copy that is drawn takes as much again.
    reads(frame(8), "deep.png", &deep, &["--annotate", "."]);
    reads(frame(10), "frame.jpg", &progressive_frame, &["--annotate", "."]);
    let (code, said) = within(frame(13), "doubled.jpg", &doubled(progressive_frame), &[]);
    assert!(matches!(code, Some(0 | 1)), "{said}");

    reads(MAX_PIXELS * 2, "large.png", &interlaced(8_000, 5_000, BitDepth::Eight), &[]);
    reads(MAX_PIXELS * 8, "large.jpg", &progressive(8_000, 5_000, SamplingFactor::F_1_1), &[]);
}

#[test]
fn a_frame_may_have_fewer_pixels_than_a_picture() {
    let file = interlaced(3_000, 3_001, BitDepth::Eight);
    let refused = Picture::decode_within(&file, Colours::LeftOut, MAX_FRAME_PIXELS).err().unwrap();
    assert_eq!(refused.to_string(), "3000 × 3001 pixels; at most 9 million are looked at");
    assert!(decode(&file).is_ok());
}

/// Bytes of a file that are others.
fn mutated(file: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = file.len();
    let change = (0..length, any::<u8>());
    (prop::collection::vec(change, 1..12), 0..length * 2).prop_map(move |(changes, cut)| {
        let mut bytes = file.clone();
        changes.into_iter().for_each(|(at, value)| bytes[at] = value);
        bytes.truncate(cut.max(3));
        bytes
    })
}

proptest! {
    #[test]
    fn whatever_a_jpeg_has_become(bytes in mutated(jpeg(None, |_| {}))) {
        let _ = decode(&bytes);
        let _ = Picture::decode(&bytes, Colours::Kept);
    }

    #[test]
    fn whatever_a_progressive_one_has(bytes in mutated(jpeg(None, |encoder| encoder.set_progressive(true)))) {
        let _ = decode(&bytes);
    }

    #[test]
    fn whatever_a_png_has(bytes in mutated(png(ColorType::Rgba, BitDepth::Sixteen, &[90; 48 * 32 * 8], None))) {
        let _ = Picture::decode(&bytes, Colours::Kept);
    }

    #[test]
    fn whatever_begins_as_one(rest in prop::collection::vec(any::<u8>(), 0..200), jpeg: bool) {
        let begin = if jpeg { &[0xFF, 0xD8, 0xFF][..] } else { b"\x89PNG\r\n\x1a\n" };
        let _ = decode(&[begin, &rest].concat());
    }
}
