//! Pictures: what people bring is written anew, what hubs bring is let in as it is or not at all.

use std::io::Cursor;
use std::sync::Arc;

use dwellers_cloud::blobs::{BlobError, Kind};
use dwellers_cloud::pictures::{
    IngestError, MAX_BYTES, MAX_CROP_BYTES, Pictures, Prepared, Refused, SIDE, THUMBNAIL_SIDE, check_crop,
    prepare,
};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::{Place, at, entropy};

const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 180, 30];
const BLUE: [u8; 3] = [30, 30, 220];
const WHITE: [u8; 3] = [250, 250, 250];

/// Its corners are red, green, blue and white, in the order of reading.
fn corners(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::from(picture.clone())
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 95))
        .unwrap();
    bytes
}

fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// An Exif block with an orientation and a place.
fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    tiff.extend(orientation.to_be_bytes());
    tiff.extend([0, 0]);
    // A block of the place, 38 bytes on.
    tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]);
    tiff.extend([0, 0, 0, 0]);
    // Which half of the earth, and the degrees as text that a test can find.
    tiff.extend([0, 1, 0, 1, 0, 2, 0, 0, 0, 2, b'N', 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(b"GPS 55.7558N 37.6173E");
    tiff
}

/// With a segment after the first two bytes.
fn with_segment(jpeg: &[u8], kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, kind], &length, content, &jpeg[2..]].concat()
}

fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    with_segment(jpeg, 0xe1, &[b"Exif\0\0", exif(orientation).as_slice()].concat())
}

/// A PNG chunk with its checksum.
fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = !0_u32;
    for byte in kind.iter().chain(content) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), kind, content, &(!crc).to_be_bytes()].concat()
}

/// With a chunk after the head.
fn with_chunk(png: &[u8], kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let head = 8 + 25;
    [&png[..head], &chunk(kind, content), &png[head..]].concat()
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).unwrap().to_rgb8()
}

/// The colours of its corners.
fn seen(picture: &RgbImage) -> [[u8; 3]; 4] {
    let (right, low) = (picture.width() - 4, picture.height() - 4);
    let near = |x, y| {
        let Rgb(pixel) = *picture.get_pixel(x, y);
        let far = |colour: &[u8; 3]| -> u32 {
            colour.iter().zip(pixel).map(|(a, b)| u32::from(a.abs_diff(b))).sum()
        };
        [RED, GREEN, BLUE, WHITE].into_iter().min_by_key(far).unwrap()
    };
    [near(3, 3), near(right, 3), near(3, low), near(right, low)]
}

#[test]
fn nothing_but_pixels_is_kept() {
    let bare = jpeg(&corners(400, 300));
    let said = with_exif(&bare, 1);
    let said = with_segment(&said, 0xfe, b"taken at home");
    let said = with_segment(&said, 0xe2, b"ICC_PROFILE\0\x01\x01 a profile with a serial number");
    let said = with_segment(&said, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>the author</x:xmpmeta>");
    let said = [said.as_slice(), b"PK\x03\x04 an archive behind the end, \xff\xd9"].concat();
    let mut of_png = png(corners(400, 300));
    for (kind, content) in [(b"tEXt", &b"Author\0me GPS 55"[..]), (b"eXIf", &exif(1)), (b"tIME", &[7; 7])] {
        of_png = with_chunk(&of_png, kind, content);
    }
    for (before, secrets) in [
        (said, &[&b"GPS 55"[..], b"taken at home", b"serial number", b"the author", b"PK\x03\x04"][..]),
        (of_png, &[b"GPS 55"]),
    ] {
        assert!(secrets.iter().all(|secret| contains(&before, secret)));
        let Prepared { picture, size, thumbnail, thumbnail_size } = prepare(&before).unwrap();
        assert_eq!((size, thumbnail_size), ((400, 300), (320, 240)));
        for after in [&picture, &thumbnail] {
            for secret in secrets.iter().chain(&[&b"Exif"[..], b"ICC_PROFILE", b"xmp", b"GPS"]) {
                assert!(!contains(after, secret), "{}", secret.escape_ascii());
            }
            // By the walk of its segments there is nothing else, either.
            assert!(after.len() > MAX_CROP_BYTES || check_crop(after).is_ok());
            assert_eq!(seen(&decoded(after)), [RED, GREEN, BLUE, WHITE]);
        }
    }
}

#[test]
fn a_picture_stands_as_its_camera_meant_it() {
    let picture = jpeg(&corners(64, 48));
    for (orientation, expected, is_turned) in [
        (1, [RED, GREEN, BLUE, WHITE], false),
        (2, [GREEN, RED, WHITE, BLUE], false),
        (3, [WHITE, BLUE, GREEN, RED], false),
        (4, [BLUE, WHITE, RED, GREEN], false),
        (5, [RED, BLUE, GREEN, WHITE], true),
        (6, [BLUE, RED, WHITE, GREEN], true),
        (7, [WHITE, GREEN, BLUE, RED], true),
        (8, [GREEN, WHITE, RED, BLUE], true),
        (0, [RED, GREEN, BLUE, WHITE], false),
        (99, [RED, GREEN, BLUE, WHITE], false),
    ] {
        let Prepared { picture, size, thumbnail, .. } = prepare(&with_exif(&picture, orientation)).unwrap();
        assert_eq!(size, if is_turned { (48, 64) } else { (64, 48) }, "{orientation}");
        for bytes in [picture, thumbnail] {
            assert_eq!(seen(&decoded(&bytes)), expected, "{orientation}");
        }
    }
}

#[test]
fn a_large_one_is_scaled_down_and_a_small_one_is_not_scaled_up() {
    for (width, height, size, small) in [
        (3_000, 1_500, (SIDE, SIDE / 2), (THUMBNAIL_SIDE, THUMBNAIL_SIDE / 2)),
        (100, 3_000, (68, SIDE), (11, THUMBNAIL_SIDE)),
        (1, 9_000, (1, SIDE), (1, THUMBNAIL_SIDE)),
        (40, 20, (40, 20), (40, 20)),
    ] {
        let prepared = prepare(&jpeg(&corners(width, height))).unwrap();
        assert_eq!((prepared.size, prepared.thumbnail_size), (size, small), "{width} × {height}");
        assert_eq!(decoded(&prepared.picture).dimensions(), size);
        assert_eq!(decoded(&prepared.thumbnail).dimensions(), small);
    }
}

#[test]
fn what_is_behind_transparency_stays_hidden() {
    let mut hidden = RgbaImage::from_pixel(40, 40, Rgba([255, 0, 0, 0]));
    (0..20).for_each(|x| (0..40).for_each(|y| hidden.put_pixel(x, y, Rgba([0, 0, 255, 255]))));
    let picture = decoded(&prepare(&png(hidden)).unwrap().picture);
    assert!(picture.get_pixel(5, 20).0[2] > 200 && picture.get_pixel(5, 20).0[0] < 50);
    assert!(picture.get_pixel(35, 20).0.iter().all(|level| *level > 240), "white");
}

#[test]
fn other_kinds_of_pixels_are_taken_too() {
    let gray = image::GrayImage::from_fn(64, 64, |x, _| image::Luma([(x * 4) as u8]));
    let deep = image::ImageBuffer::<Rgba<u16>, _>::from_pixel(64, 64, Rgba([60_000, 0, 0, u16::MAX]));
    for picture in [png(gray.clone()), png(deep), {
        let mut bytes = Vec::new();
        DynamicImage::from(gray).write_with_encoder(JpegEncoder::new(&mut bytes)).unwrap();
        bytes
    }] {
        assert_eq!(prepare(&picture).unwrap().size, (64, 64));
    }
}

/// A small PNG that says that it is large.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let small = png(corners(8, 8));
    [&small[..8], &chunk(b"IHDR", &head), &small[8 + 25..]].concat()
}

/// A JPEG that says that it is large.
fn large(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let frame = jpeg.windows(4).position(|at| at[..2] == [0xff, 0xc0] && at[2] == 0).unwrap();
    let mut jpeg = jpeg.to_vec();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

#[test]
fn bombs_and_what_is_no_picture_are_refused_in_clear_words() {
    let small = jpeg(&corners(200, 200));
    let refused = |bytes: &[u8]| prepare(bytes).unwrap_err();
    assert_eq!(refused(&bomb(30_000, 30_000)), Refused::TooManyPixels(30_000, 30_000));
    assert_eq!(refused(&large(&small, 65_000, 65_000)), Refused::TooManyPixels(65_000, 65_000));
    assert_eq!(
        refused(&[small.as_slice(), &vec![0; MAX_BYTES]].concat()),
        Refused::TooManyBytes(small.len() + MAX_BYTES)
    );
    let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
    for none in [&b""[..], b"hello", &gif, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7"] {
        assert_eq!(refused(none), Refused::NotAPicture, "{}", none.escape_ascii());
    }
    // Every beginning of a JPEG, and of a PNG.
    let whole = png(corners(60, 60));
    for of in [&small, &whole] {
        for length in (4..of.len() - 12).step_by(of.len() / 60 + 1) {
            let why = refused(&of[..length]);
            assert!(matches!(why, Refused::Damaged(_) | Refused::NotAPicture), "{length}: {why}");
        }
    }
    // The end of the thumbnail in its Exif block is not its own.
    let inner = with_segment(&small, 0xe1, &[b"Exif\0\0", small.as_slice()].concat());
    assert!(prepare(&inner).is_ok());
    assert!(matches!(refused(&inner[..inner.len() - 100]), Refused::Damaged(_)));
    // Flipped bits are no harm: it decodes or it does not.
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..300 {
        for of in [&small, &whole] {
            let mut bytes = of.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = prepare(&bytes);
            let _ = check_crop(&bytes);
        }
    }
}

#[test]
fn a_crop_is_let_in_as_it_is_or_not_at_all() {
    let bare = jpeg(&corners(200, 100));
    let of_png = png(corners(50, 40));
    for crop in [&bare, &of_png] {
        assert_eq!(check_crop(crop), Ok(()));
        assert_eq!(
            check_crop(&[crop.as_slice(), b"more"].concat()),
            Err(Refused::Metadata),
            "behind its end"
        );
        assert!(check_crop(&crop[..crop.len() - 3]).is_err());
    }
    for (kind, content) in [
        (0xe1, &b"Exif\0\0 and so on"[..]),
        (0xfe, b"a comment"),
        (0xe2, b"ICC_PROFILE\0"),
        (0xe0, b"JFIF\0 with more than it needs"),
    ] {
        assert_eq!(check_crop(&with_segment(&bare, kind, content)), Err(Refused::Metadata));
    }
    for kind in [b"tEXt", b"eXIf", b"iTXt", b"zzZz"] {
        assert_eq!(check_crop(&with_chunk(&of_png, kind, b"x\0y")), Err(Refused::Metadata));
    }
    assert_eq!(check_crop(&large(&bare, 9_000, 9_000)), Err(Refused::TooManyPixels(9_000, 9_000)));
    assert_eq!(check_crop(&vec![0; MAX_CROP_BYTES + 1]), Err(Refused::TooManyBytes(MAX_CROP_BYTES + 1)));
    assert_eq!(check_crop(b"hello"), Err(Refused::NotAPicture));
}

#[tokio::test]
async fn a_picture_that_is_brought_is_stored_with_its_thumbnail() {
    let place = Place::new();
    let communities = place.communities();
    let community = communities.create("Сосновка", at(0), entropy).unwrap();
    let blobs = communities.blobs().clone();
    let pictures = Pictures::new(blobs.clone());
    let bytes = with_exif(&jpeg(&corners(800, 400)), 6);
    let work = (0..4).map(|_| pictures.ingest(&community, bytes.clone(), at(1)));
    let stored: Vec<_> = futures_util::future::join_all(work).await.into_iter().map(Result::unwrap).collect();
    assert!(stored.windows(2).all(|pair| pair[0] == pair[1]), "the same is the same");
    let stored = stored[0];
    assert_eq!((stored.size, stored.thumbnail_size), ((400, 800), (160, 320)));
    for (hash, kind) in [(stored.picture, Kind::Picture), (stored.thumbnail, Kind::Thumbnail)] {
        let bytes = blobs.get(&community, &hash).await.unwrap().unwrap();
        assert!(!contains(&bytes, b"GPS"));
        assert_eq!(blobs.about(&community, &hash).await.unwrap().unwrap().kind.known(), Some(&kind));
    }
    let refused = pictures.ingest(&community, b"hello".to_vec(), at(2)).await;
    assert!(matches!(refused, Err(IngestError::Refused(Refused::NotAPicture))));
    // There is no room: nothing is stored.
    let small = dwellers_cloud::blobs::Blobs::in_folder(&place.folder.path().join("small"), 100).unwrap();
    let refused = Pictures::new(small).ingest(&Arc::clone(&community), jpeg(&corners(99, 99)), at(3)).await;
    assert!(matches!(refused, Err(IngestError::Blob(BlobError::Full { limit: 100 }))), "{refused:?}");
}
