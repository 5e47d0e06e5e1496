//! A model and its card: loaded, checked against each other and against what the program expects, and run.
//!
//! A plan has fixed shapes and one thread; its input is written in place, and a run allocates what the layers between
//! need and the answers. The program knows its models' ports by name and shape; a card must state the same, and the
//! model be built so. Whoever trains another model learns from the error what differs.
//!
//! What must never be here: what a model is for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tract_onnx::prelude::*;

/// A model cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the model {model}: {why}")]
pub struct LoadError {
    model: &'static str,
    why: String,
}

/// A model failed at its work.
#[derive(Debug, thiserror::Error)]
#[error("the model {model} fails: {why}")]
pub struct LookError {
    model: &'static str,
    why: String,
}

/// Of a shape that is first needed at a look.
impl From<LoadError> for LookError {
    fn from(LoadError { model, why }: LoadError) -> Self {
        LookError { model, why }
    }
}

/// A model's two files, as they are.
pub struct Files {
    model: &'static str,
    onnx: Cow<'static, [u8]>,
    card: Cow<'static, str>,
}

/// What any card says of its model's ports.
#[derive(Deserialize)]
struct Ports {
    input: Port,
    output: Vec<Port>,
}

#[derive(Deserialize)]
struct Port {
    name: String,
    shape: Vec<Dimension>,
}

/// A number, or a part of the frame's height or width, as in `"H/4"`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Dimension {
    Fixed(usize),
    Part(String),
}

impl Dimension {
    fn of([height, width]: [usize; 2], dimension: &Dimension) -> Option<usize> {
        let text = match dimension {
            Dimension::Fixed(number) => return Some(*number),
            Dimension::Part(text) => text,
        };
        let (side, by) = text.split_once('/').unwrap_or((text, "1"));
        let side = match side {
            "H" => height,
            "W" => width,
            _ => return None,
        };
        side.checked_div(by.parse().ok()?)
    }
}

/// A port as the program expects it.
pub type Expected<'a> = (&'a str, &'a [usize]);

impl Files {
    /// Of the program itself.
    pub const fn shipped(model: &'static str, onnx: &'static [u8], card: &'static str) -> Files {
        Files { model, onnx: Cow::Borrowed(onnx), card: Cow::Borrowed(card) }
    }

    /// Of a folder: `MODEL.onnx` and `MODEL.toml`.
    ///
    /// # Errors
    /// One is not there, or cannot be read.
    pub fn read(folder: &Path, model: &'static str) -> Result<Files, LoadError> {
        let path = |ending| folder.join(format!("{model}.{ending}"));
        let fail = |path: &Path, error: std::io::Error| LoadError {
            model,
            why: format!("{}: {error}", path.display()),
        };
        let (onnx, card) = (path("onnx"), path("toml"));
        Ok(Files {
            model,
            onnx: std::fs::read(&onnx).map_err(|error| fail(&onnx, error))?.into(),
            card: std::fs::read_to_string(&card).map_err(|error| fail(&card, error))?.into(),
        })
    }

    /// Its name.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// What is wrong with it.
    pub fn fault(&self, why: impl std::fmt::Display) -> LoadError {
        LoadError { model: self.model, why: why.to_string() }
    }

    /// What the program needs of the card.
    ///
    /// # Errors
    /// It lacks something.
    pub fn card<T: DeserializeOwned>(&self) -> Result<T, LoadError> {
        toml::from_str(&self.card).map_err(|error| self.fault(format!("its card: {error}")))
    }

    /// The model, ready to run at one shape. `frame` is the height and width that the card's `H` and `W` stand for.
    ///
    /// # Errors
    /// The program, the card and the model do not agree: where.
    pub fn build(
        &self,
        frame: [usize; 2],
        input: Expected<'_>,
        outputs: &[Expected<'_>],
    ) -> Result<Model, LoadError> {
        let ports: Ports = self.card()?;
        self.compare("its card's input", input, &ports.input.name, &self.shape(frame, &ports.input)?)?;
        let stated: BTreeMap<&str, &Port> =
            ports.output.iter().map(|port| (port.name.as_str(), port)).collect();
        for output in outputs {
            let port = stated.get(output.0).ok_or_else(|| {
                let names = list(stated.keys().copied());
                self.fault(format!("its card has no output \"{}\", only {names}", output.0))
            })?;
            self.compare("its card's output", *output, &port.name, &self.shape(frame, port)?)?;
        }
        self.plan(input, outputs)
    }

    fn shape(&self, frame: [usize; 2], port: &Port) -> Result<Vec<usize>, LoadError> {
        port.shape.iter().map(|dimension| Dimension::of(frame, dimension)).collect::<Option<_>>().ok_or_else(
            || self.fault(format!("its card: the shape of \"{}\" has more than numbers, H and W", port.name)),
        )
    }

    fn compare(
        &self,
        what: &str,
        expected: Expected<'_>,
        name: &str,
        shape: &[usize],
    ) -> Result<(), LoadError> {
        if (name, shape) == expected {
            return Ok(());
        }
        let (wanted, wanted_shape) = expected;
        Err(self.fault(format!("{what} is \"{name}\" {shape:?}; \"{wanted}\" {wanted_shape:?} is needed")))
    }

    fn plan(&self, input: Expected<'_>, outputs: &[Expected<'_>]) -> Result<Model, LoadError> {
        let not_onnx = |error: TractError| self.fault(format!("its file does not load: {error:#}"));
        // Shapes that the exporter wrote down may be those of another frame.
        let mut model = onnx()
            .with_ignore_output_shapes(true)
            .with_ignore_value_info(true)
            .model_for_read(&mut &*self.onnx)
            .map_err(not_onnx)?;
        let inputs = model.input_outlets().map_err(not_onnx)?.to_vec();
        let names: Vec<_> = inputs.iter().map(|outlet| model.node(outlet.node).name.clone()).collect();
        if names != [input.0] {
            return Err(self.fault(format!(
                "its file's inputs are {}; \"{}\" is needed",
                list(&names),
                input.0
            )));
        }
        let given = model.output_outlets().map_err(not_onnx)?.to_vec();
        let labels: Vec<_> =
            given.iter().map(|outlet| model.outlet_label(*outlet).unwrap_or_default()).collect();
        let chosen = outputs.iter().map(|(name, _)| {
            let at = labels.iter().position(|label| label == name);
            at.map(|at| given[at]).ok_or_else(|| {
                self.fault(format!("its file's outputs are {}; \"{name}\" is needed", list(&labels)))
            })
        });
        let chosen = chosen.collect::<Result<Vec<_>, _>>()?;
        let shapes = || format!("it does not run on \"{}\" {:?}", input.0, input.1);
        let not_built = |error: TractError| self.fault(format!("{}: {error:#}", shapes()));
        model.set_input_fact(0, f32::fact(input.1).into()).map_err(not_built)?;
        model.select_output_outlets(&chosen).map_err(not_built)?;
        let model = model.into_optimized().map_err(not_built)?;
        for (at, (name, shape)) in outputs.iter().enumerate() {
            let fact = model.output_fact(at).map_err(not_built)?;
            let built = fact.shape.as_concrete().unwrap_or_default();
            if built != *shape || fact.datum_type != f32::datum_type() {
                let kind = fact.datum_type;
                return Err(self.fault(format!(
                    "its output \"{name}\" is {built:?} of {kind:?}; {shape:?} of F32 is needed"
                )));
            }
        }
        let plan = model.into_runnable().map_err(not_built)?;
        let state = plan.spawn().map_err(not_built)?;
        let input = Arc::new(Tensor::zero::<f32>(input.1).map_err(not_built)?);
        Ok(Model { model: self.model, state, input })
    }
}

fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("\"{}\"", name.as_ref())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// A model that runs at one shape.
pub struct Model {
    model: &'static str,
    state: TypedSimpleState,
    input: Arc<Tensor>,
}

impl Model {
    /// Runs on what `fill` writes over the input of the run before.
    ///
    /// # Errors
    /// A layer fails.
    pub fn run(&mut self, fill: impl FnOnce(&mut [f32])) -> Result<Answers, LookError> {
        let model = self.model;
        let fault = |error: TractError| LookError { model, why: format!("{error:#}") };
        // It is ours alone: a run lets go of its input at the end. If one that failed did not, this copies.
        let input = Arc::make_mut(&mut self.input);
        fill(input.view_mut().as_slice_mut().map_err(fault)?);
        let outputs = self.state.run(tvec!(TValue::from_const(self.input.clone()))).map_err(fault)?;
        Ok(Answers { model, outputs })
    }
}

/// What a model answers, in the order in which its outputs are expected.
pub struct Answers {
    model: &'static str,
    outputs: TVec<TValue>,
}

impl Answers {
    /// One of them, flat.
    ///
    /// # Errors
    /// There are not so many.
    pub fn get(&self, at: usize) -> Result<&[f32], LookError> {
        let fault = |why: String| LookError { model: self.model, why };
        let output = self.outputs.get(at).ok_or_else(|| fault(format!("output {at} is missing")))?;
        output.view().as_slice().map_err(|error| fault(format!("{error:#}")))
    }
}
