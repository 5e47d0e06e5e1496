//! Pictures of every kind that files have, and the way back to their pixels.

use dwellers_hub::sight::{Colours, DecodeError, Picture, Region};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use png::{BitDepth, ColorType as PngColour};

const WIDTH: usize = 48;
const HEIGHT: usize = 32;

/// Left to right darker to brighter, with a bright block at the top left.
fn scene() -> Vec<[u8; 3]> {
    let pixel = |at: usize| {
        let (x, y) = (at % WIDTH, at / WIDTH);
        if x < 16 && y < 8 { [250, 240, 230] } else { [(x * 4) as u8, (x * 3) as u8, 40] }
    };
    (0..WIDTH * HEIGHT).map(pixel).collect()
}

fn brightness([r, g, b]: [u8; 3]) -> f32 {
    0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
}

/// A JPEG of the scene, with an EXIF block or without.
pub fn jpeg(exif: Option<&[u8]>, how: impl Fn(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    if let Some(exif) = exif {
        encoder.add_exif_metadata(exif).unwrap();
    }
    how(&mut encoder);
    encoder.encode(&scene().concat(), WIDTH as u16, HEIGHT as u16, ColorType::Rgb).unwrap();
    bytes
}

/// A PNG of these bytes.
pub fn png(colour: PngColour, depth: BitDepth, data: &[u8], palette: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if let Some(palette) = palette {
        encoder.set_palette(palette.to_vec());
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    bytes
}

/// TIFF's header, one entry: the orientation, in either order of bytes.
fn exif(orientation: u16, little: bool) -> Vec<u8> {
    let short = |value: u16| if little { value.to_le_bytes() } else { value.to_be_bytes() };
    let long = |value: u32| if little { value.to_le_bytes() } else { value.to_be_bytes() };
    let mut bytes = if little { b"II".to_vec() } else { b"MM".to_vec() };
    bytes.extend(short(42));
    bytes.extend(long(8));
    bytes.extend(short(1));
    bytes.extend(short(0x0112));
    bytes.extend(short(3));
    bytes.extend(long(1));
    bytes.extend(short(orientation));
    bytes.extend([0; 6]);
    bytes
}

#[track_caller]
fn check(bytes: &[u8], tolerance: f32) {
    for colours in [Colours::LeftOut, Colours::Kept] {
        let picture = Picture::decode(bytes, colours).unwrap();
        assert_eq!([picture.width(), picture.height()], [WIDTH as u32, HEIGHT as u32]);
        for (seen, pixel) in picture.gray().iter().zip(scene()) {
            assert!((f32::from(*seen) - brightness(pixel)).abs() <= tolerance, "{seen} for {pixel:?}");
        }
        assert_eq!(picture.rgb().map(<[u8]>::len), (colours == Colours::Kept).then_some(WIDTH * HEIGHT * 3));
    }
}

#[test]
fn jpegs() {
    check(&jpeg(None, |_| {}), 8.0);
    check(&jpeg(None, |encoder| encoder.set_progressive(true)), 8.0);
    check(&jpeg(None, |encoder| encoder.set_sampling_factor(SamplingFactor::F_1_1)), 8.0);
    check(&jpeg(None, |encoder| encoder.set_restart_interval(2)), 8.0);
    check(&jpeg(None, |encoder| encoder.set_optimized_huffman_tables(true)), 8.0);
}

#[test]
fn jpegs_of_printers_and_of_brightness_alone() {
    let mut bytes = Vec::new();
    let cmyk: Vec<u8> = scene().into_iter().flat_map(|[r, g, b]| [255 - r, 255 - g, 255 - b, 0]).collect();
    let (width, height) = (WIDTH as u16, HEIGHT as u16);
    Encoder::new(&mut bytes, 95).encode(&cmyk, width, height, ColorType::Cmyk).unwrap();
    check(&bytes, 12.0);
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 95).encode(&cmyk, width, height, ColorType::CmykAsYcck).unwrap();
    check(&bytes, 12.0);
    let mut bytes = Vec::new();
    let gray: Vec<u8> = scene().into_iter().map(|pixel| brightness(pixel) as u8).collect();
    Encoder::new(&mut bytes, 95).encode(&gray, width, height, ColorType::Luma).unwrap();
    check(&bytes, 8.0);
}

#[test]
fn pngs() {
    let rgb = scene().concat();
    let rgba: Vec<u8> = scene().into_iter().flat_map(|[r, g, b]| [r, g, b, r]).collect();
    let deep: Vec<u8> = rgb.iter().flat_map(|value| [*value, 77]).collect();
    let gray: Vec<u8> = scene().into_iter().map(|pixel| brightness(pixel).round() as u8).collect();
    let gray_alpha: Vec<u8> = gray.iter().flat_map(|value| [*value, 9]).collect();
    check(&png(PngColour::Rgb, BitDepth::Eight, &rgb, None), 0.6);
    check(&png(PngColour::Rgba, BitDepth::Eight, &rgba, None), 0.6);
    check(&png(PngColour::Rgb, BitDepth::Sixteen, &deep, None), 1.0);
    check(&png(PngColour::Grayscale, BitDepth::Eight, &gray, None), 0.6);
    check(&png(PngColour::GrayscaleAlpha, BitDepth::Eight, &gray_alpha, None), 0.6);
    let palette: Vec<u8> =
        scene()[WIDTH * 16..WIDTH * 17].concat().into_iter().chain([250, 240, 230]).collect();
    let index = |at: usize| if at % WIDTH < 16 && at / WIDTH < 8 { WIDTH as u8 } else { (at % WIDTH) as u8 };
    let indices: Vec<u8> = (0..WIDTH * HEIGHT).map(index).collect();
    check(&png(PngColour::Indexed, BitDepth::Eight, &indices, Some(&palette)), 0.6);
}

#[test]
fn a_bit_a_pixel() {
    let bits = vec![0b1010_1010; WIDTH * HEIGHT / 8];
    let picture =
        Picture::decode(&png(PngColour::Grayscale, BitDepth::One, &bits, None), Colours::LeftOut).unwrap();
    assert_eq!(picture.gray()[..4], [255, 0, 255, 0]);
}

#[test]
fn upright_however_the_camera_was_held() {
    let (w, h) = (WIDTH as f32, HEIGHT as f32);
    // Where the block at the file's top left is to be seen, and where the upright picture's origin lies in the file.
    let held: [(u16, [bool; 2], [f32; 2]); 8] = [
        (1, [true, true], [0.0, 0.0]),
        (2, [false, true], [w, 0.0]),
        (3, [false, false], [w, h]),
        (4, [true, false], [0.0, h]),
        (5, [true, true], [0.0, 0.0]),
        (6, [false, true], [0.0, h]),
        (7, [false, false], [w, h]),
        (8, [true, false], [w, 0.0]),
    ];
    for (orientation, [left, top], origin) in held {
        for little in [true, false] {
            let file = jpeg(Some(&exif(orientation, little)), |_| {});
            let picture = Picture::decode(&file, Colours::Kept).unwrap();
            let (width, height) = (picture.width() as usize, picture.height() as usize);
            let expected = if orientation > 4 { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) };
            assert_eq!((width, height), expected, "{orientation}");
            let (x, y) = (if left { 2 } else { width - 3 }, if top { 2 } else { height - 3 });
            assert!(picture.gray()[y * width + x] > 225, "{orientation}");
            let [r, g, b] = picture.rgb().unwrap()[(y * width + x) * 3..][..3] else { panic!() };
            assert!(brightness([r, g, b]) > 225.0, "{orientation}");
            assert_eq!(picture.size_in_file(), [WIDTH as u32, HEIGHT as u32]);
            assert_eq!(picture.in_file([0.0, 0.0]), origin, "{orientation}");
            // The middle of a pixel is the middle of its own in the file.
            let [fx, fy] = picture.in_file([x as f32 + 0.5, y as f32 + 0.5]);
            assert!(fx < 16.0 && fy < 8.0 && fx.fract() == 0.5, "{orientation}: {fx} {fy}");
        }
    }
}

#[test]
fn what_says_nothing_of_the_camera_is_upright() {
    let whole = exif(6, true);
    let damaged =
        [&whole[..9], &whole[..18], b"II", b"", b"XX\0\0\0\0\0\0", &exif(0, true), &exif(99, false)];
    let far = [&whole[..4], &[255; 4], &whole[8..]].concat();
    for block in damaged.into_iter().chain([far.as_slice()]) {
        let picture = Picture::decode(&jpeg(Some(block), |_| {}), Colours::LeftOut).unwrap();
        assert_eq!((picture.width(), picture.in_file([1.0, 2.0])), (WIDTH as u32, [1.0, 2.0]), "{block:?}");
    }
}

#[test]
fn a_crop_is_a_picture() {
    let picture = Picture::decode(&jpeg(None, |_| {}), Colours::Kept).unwrap();
    let region = Region { x: 40, y: 30, width: 100, height: 100 };
    let crop = picture.crop(region).unwrap();
    assert_eq!((crop.width(), crop.height()), (8, 2));
    assert_eq!(crop.gray()[..8], picture.gray()[30 * WIDTH + 40..31 * WIDTH]);
    let again = Picture::decode(&crop.to_jpeg(90).unwrap(), Colours::Kept).unwrap();
    assert_eq!((again.width(), again.height()), (8, 2));
    assert!(picture.crop(Region { x: WIDTH as u32, ..region }).is_none());
    let gray = Picture::of_gray(2, 1, vec![0, 255]).unwrap();
    let gray = Picture::decode(&gray.to_jpeg(90).unwrap(), Colours::LeftOut).unwrap();
    assert_eq!((gray.width(), gray.rgb()), (2, None));
    assert!(Picture::of_gray(2, 2, vec![0; 3]).is_none() && Picture::of_gray(0, 2, vec![]).is_none());
    assert!(Picture::of_rgb(1, 1, vec![0; 4]).is_none() && Picture::of_rgb(1, 1, vec![0; 3]).is_some());
}

#[test]
fn what_is_no_picture() {
    for bytes in [&b""[..], b"GIF89a", b"\xFF\xD8", b"RIFF\0\0\0\0WEBP"] {
        assert_eq!(Picture::decode(bytes, Colours::LeftOut).err(), Some(DecodeError::Unknown));
    }
}
