//! Three models by hand, and what is said where files, cards and program do not agree.
//!
//! The detector takes a white stripe for a plate's middle, which is 12 × 3 cells large. The corners are where they would
//! be if the detector did not err. The reader takes gray for nothing, black for `1` and white for `2`.

use std::fs;
use std::path::{Path, PathBuf};

use dwellers_hub::sight::Sight;
use tempfile::TempDir;

use super::onnx::Graph;

/// A folder of models.
pub struct Models {
    folder: TempDir,
}

const DETECTOR: &str = r#"
threshold = 0.5
shapes = [[288, 384], [256, 448], [384, 288]]
input = { name = "frame", shape = [1, 16, "H/4", "W/4"] }
output = [{ name = "plates", shape = [1, 9, "H/8", "W/8"] }]
"#;
const CORNERS: &str = r#"
threshold = 0.5
looks = 2
input = { name = "patch", shape = [1, 1, 64, 128] }
output = [{ name = "corners", shape = [1, 8] }, { name = "kind", shape = [1, 3] }]
"#;
const READER: &str = r#"
alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
origins = ["RU", "DE", ""]
input = { name = "plate", shape = [1, 1, 40, 192] }
output = [{ name = "characters", shape = [1, 48, 37] }, { name = "origin", shape = [1, 3] }]
[least]
presence = 0.5
confidence = 0.5
[confidence]
intercept = 1.0
text = 1.0
margin = 0.0
weakest = 0.0
presence = 0.0
width = 0.0
format = 0.0
"#;

impl Models {
    pub fn new() -> Models {
        let models = Models { folder: tempfile::tempdir().unwrap() };
        models.write("detector", &detector(), DETECTOR);
        models.write("corners", &corners(2.0), CORNERS);
        models.write("reader", &reader(), READER);
        models
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn write(&self, model: &str, onnx: &[u8], card: &str) {
        fs::write(self.file(&format!("{model}.onnx")), onnx).unwrap();
        fs::write(self.file(&format!("{model}.toml")), card).unwrap();
    }

    /// What cannot be read so surely must be so surely a plate.
    pub fn least(self, presence: f32, confidence: f32) -> Models {
        let card = READER.replace(
            "presence = 0.5\nconfidence = 0.5",
            &format!("presence = {presence:?}\nconfidence = {confidence:?}"),
        );
        fs::write(self.file("reader.toml"), card).unwrap();
        self
    }

    /// With the second look's plates in two rows.
    pub fn two_rows(self) -> Models {
        fs::write(self.file("corners.onnx"), corners(-2.0)).unwrap();
        self
    }

    pub fn sight(&self) -> Sight {
        Sight::load(Some(self.path())).unwrap()
    }
}

fn detector() -> Vec<u8> {
    // The mean of 8 × 24 pixels around a cell's middle, from -32 (black) to 8 (white): a plate's height, so that its
    // middle is above what is beside it.
    let mut weights = vec![0.0; 9 * 16 * 12];
    weights[..16 * 12].fill(40.0 / (16.0 * 12.0));
    let bias = [-32.0, -6.0, -1.5, 6.0, -1.5, 6.0, 1.5, -6.0, 1.5];
    let attributes: [(&str, &[i64]); 3] =
        [("strides", &[2, 2]), ("kernel_shape", &[6, 2]), ("pads", &[2, 0, 2, 0])];
    Graph::default()
        .floats("w", &[9, 16, 6, 2], &weights)
        .floats("b", &[9], &bias)
        .node("Conv", &["frame", "w", "b"], "plates", &attributes)
        .model(("frame", &[1, 16, -1, -1]), &["plates"])
}

fn corners(one_row: f32) -> Vec<u8> {
    let corners = [-0.5, -0.25, 0.5, -0.25, 0.5, 0.25, -0.5, 0.25];
    Graph::default()
        .floats("w", &[8, 1, 1, 1], &[0.0; 8])
        .floats("b", &[8], &corners)
        .floats("v", &[3, 1, 1, 1], &[0.0; 3])
        .floats("c", &[3], &[-4.0, one_row, -one_row])
        .node("GlobalAveragePool", &["patch"], "mean", &[])
        .node("Conv", &["mean", "w", "b"], "c4", &[("kernel_shape", &[1, 1])])
        .node("Flatten", &["c4"], "corners", &[])
        .node("Conv", &["mean", "v", "c"], "k4", &[("kernel_shape", &[1, 1])])
        .node("Flatten", &["k4"], "kind", &[])
        .model(("patch", &[1, 1, 64, 128]), &["corners", "kind"])
}

fn reader() -> Vec<u8> {
    let (mut slopes, mut bias) = (vec![0.0; 37], vec![-20.0; 37]);
    bias[0] = 0.0;
    // `1` up to a quarter of brightness, `2` from three quarters: the edge of a stripe is nothing else.
    (slopes[2], bias[2]) = (-40.0, 10.0);
    (slopes[3], bias[3]) = (40.0, -30.0);
    Graph::default()
        .floats("w", &[37, 1, 1, 1], &slopes)
        .floats("b", &[37], &bias)
        .floats("v", &[3, 1, 1, 1], &[0.0; 3])
        .floats("c", &[3], &[3.0, 0.0, 0.0])
        .ints("axes", &[2])
        .node("AveragePool", &["plate"], "steps", &[("kernel_shape", &[40, 4]), ("strides", &[40, 4])])
        .node("Conv", &["steps", "w", "b"], "logits", &[("kernel_shape", &[1, 1])])
        .node("Squeeze", &["logits", "axes"], "rows", &[])
        .node("Transpose", &["rows"], "characters", &[("perm", &[0, 2, 1])])
        .node("GlobalAveragePool", &["plate"], "mean", &[])
        .node("Conv", &["mean", "v", "c"], "o4", &[("kernel_shape", &[1, 1])])
        .node("Flatten", &["o4"], "origin", &[])
        .model(("plate", &[1, 1, 40, 192]), &["characters", "origin"])
}

/// What is said after `change` was made.
fn refused(file: &str, change: impl Fn(&str) -> String) -> String {
    let models = Models::new();
    let card = models.file(file);
    let text = change(&fs::read_to_string(&card).unwrap());
    fs::write(&card, text).unwrap();
    match Sight::load(Some(models.path())) {
        Ok(_) => panic!("{file} is taken"),
        Err(why) => why.to_string(),
    }
}

#[test]
fn whoever_trains_another_model_learns_what_differs() {
    let check = |file: &str, from: &str, to: &str, said: &str| {
        let why = refused(file, |card| {
            assert!(card.contains(from), "{card}");
            card.replacen(from, to, 1)
        });
        assert_eq!(why, said);
    };
    check(
        "detector.toml",
        "\"frame\"",
        "\"image\"",
        "the model detector: its card's input is \"image\" [1, 16, 72, 96]; \"frame\" [1, 16, 72, 96] is needed",
    );
    check(
        "detector.toml",
        "H/8",
        "H/4",
        "the model detector: its card's output is \"plates\" [1, 9, 72, 48]; \"plates\" [1, 9, 36, 48] is needed",
    );
    check(
        "detector.toml",
        "H/8",
        "N",
        "the model detector: its card: the shape of \"plates\" has more than numbers, H and W",
    );
    check(
        "detector.toml",
        "288, 384",
        "288, 380",
        "the model detector: its card: shapes are [height, width] in multiples of 32",
    );
    check(
        "corners.toml",
        "[1, 3]",
        "[1, 2]",
        "the model corners: its card's output is \"kind\" [1, 2]; \"kind\" [1, 3] is needed",
    );
    check("corners.toml", "looks = 2", "looks = 3", "the model corners: its card: looks are 1 or 2");
    check(
        "corners.toml",
        "\"kind\"",
        "\"sort\"",
        "the model corners: its card has no output \"kind\", only \"corners\", \"sort\"",
    );
    check(
        "reader.toml",
        "XYZ\"",
        "XYZZ\"",
        "the model reader: its card: an alphabet has 1 to 254 characters, each once",
    );
    check(
        "reader.toml",
        "XYZ\"",
        "XYZÄ\"",
        "the model reader: its card's output is \"characters\" [1, 48, 37]; \"characters\" [1, 48, 38] is needed",
    );
    let why = refused("reader.toml", |card| card.replace("margin = 0.0\n", ""));
    assert!(
        why.starts_with("the model reader: its card: ") && why.contains("missing field `margin`"),
        "{why}"
    );
}

#[test]
fn a_model_is_built_as_its_card_says() {
    let check = |file: &str, with: Vec<u8>, said: &str| {
        let models = Models::new();
        fs::write(models.file(file), with).unwrap();
        let why = Sight::load(Some(models.path())).err().unwrap().to_string();
        assert!(why.starts_with(said), "{why}");
    };
    check(
        "corners.onnx",
        detector(),
        "the model corners: its file's inputs are \"frame\"; \"patch\" is needed",
    );
    let renamed = |from: &str, to: &str| {
        let (from, to) = (from.as_bytes(), to.as_bytes());
        let mut bytes = corners(2.0);
        for at in 0..bytes.len() - from.len() {
            if &bytes[at..at + from.len()] == from {
                bytes[at..at + from.len()].copy_from_slice(to);
            }
        }
        bytes
    };
    check(
        "corners.onnx",
        renamed("kind", "sort"),
        "the model corners: its file's outputs are \"corners\", \"sort\"; \"kind\" is needed",
    );
    let two = Graph::default()
        .node("Identity", &["patch"], "corners", &[])
        .node("Identity", &["patch"], "kind", &[])
        .model(("patch", &[1, 1, 64, 128]), &["corners", "kind"]);
    check(
        "corners.onnx",
        two,
        "the model corners: its output \"corners\" is [1, 1, 64, 128] of F32; [1, 8] of F32 is needed",
    );
    check("corners.onnx", b"no model".to_vec(), "the model corners: its file does not load: ");
    check("reader.onnx", Vec::new(), "the model reader: ");
    let models = Models::new();
    fs::remove_file(models.file("reader.toml")).unwrap();
    let why = Sight::load(Some(models.path())).err().unwrap().to_string();
    assert!(why.starts_with("the model reader: ") && why.contains("reader.toml: No such file"), "{why}");
}

#[test]
fn sight_goes_to_the_thread_that_looks() {
    fn goes<T: Send>(_: T) {}
    goes(Models::new().sight());
}
