//! Models written by hand: the few messages of ONNX that they need (`onnx.proto3`, IR version 8, opset 13).

/// A protocol buffer that is being written.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn int(mut self, field: u64, value: i64) -> Self {
        self.varint(field << 3);
        self.varint(value as u64);
        self
    }

    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn part(self, field: u64, part: Message) -> Self {
        self.bytes(field, &part.0)
    }

    fn ints(self, field: u64, values: &[i64]) -> Self {
        values.iter().fold(self, |message, value| message.int(field, *value))
    }
}

const FLOAT: i64 = 1;
const INT64: i64 = 7;

/// A graph that is being written.
#[derive(Default)]
pub struct Graph {
    nodes: Vec<Message>,
    constants: Vec<Message>,
}

impl Graph {
    /// Floats by name.
    pub fn floats(mut self, name: &str, shape: &[i64], values: &[f32]) -> Self {
        assert_eq!(shape.iter().product::<i64>(), values.len() as i64, "{name}");
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let tensor = Message::default().ints(1, shape).int(2, FLOAT).bytes(8, name.as_bytes()).bytes(9, &raw);
        self.constants.push(tensor);
        self
    }

    /// Whole numbers by name.
    pub fn ints(mut self, name: &str, values: &[i64]) -> Self {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let shape = [values.len() as i64];
        let tensor =
            Message::default().ints(1, &shape).int(2, INT64).bytes(8, name.as_bytes()).bytes(9, &raw);
        self.constants.push(tensor);
        self
    }

    /// A node with attributes that are lists of whole numbers.
    pub fn node(mut self, kind: &str, inputs: &[&str], output: &str, attributes: &[(&str, &[i64])]) -> Self {
        let mut node = Message::default();
        for input in inputs {
            node = node.bytes(1, input.as_bytes());
        }
        node = node.bytes(2, output.as_bytes()).bytes(3, format!("{kind}-{output}").as_bytes());
        node = node.bytes(4, kind.as_bytes());
        for (name, values) in attributes {
            const INTS: i64 = 7;
            let attribute = Message::default().bytes(1, name.as_bytes()).ints(8, values).int(20, INTS);
            node = node.part(5, attribute);
        }
        self.nodes.push(node);
        self
    }

    /// The file; a dimension below 0 is left open.
    pub fn model(self, input: (&str, &[i64]), outputs: &[&str]) -> Vec<u8> {
        let dimension = |size: &i64| match *size {
            open if open < 0 => Message::default().bytes(2, b"any"),
            size => Message::default().int(1, size),
        };
        let port = |name: &str, shape: Option<&[i64]>| {
            let mut tensor = Message::default().int(1, FLOAT);
            if let Some(shape) = shape {
                let dimensions = shape.iter().map(dimension);
                tensor = tensor.part(2, dimensions.fold(Message::default(), |shape, one| shape.part(1, one)));
            }
            Message::default().bytes(1, name.as_bytes()).part(2, Message::default().part(1, tensor))
        };
        let mut graph = Message::default().bytes(2, b"by hand");
        for node in self.nodes {
            graph = graph.part(1, node);
        }
        for constant in self.constants {
            graph = graph.part(5, constant);
        }
        graph = graph.part(11, port(input.0, Some(input.1)));
        for output in outputs {
            graph = graph.part(12, port(output, None));
        }
        let opset = Message::default().bytes(1, b"").int(2, 13);
        Message::default().int(1, 8).part(8, opset).part(7, graph).0
    }
}
