"""The three nets. Shapes by what is fast in tract on one core; BatchNorm is folded into the convolutions at export."""
import torch
import torch.nn as nn


def conv(inputs, outputs, kernel=3, stride=1, padding=None):
    if padding is None:
        padding = kernel // 2 if isinstance(kernel, int) else tuple(k // 2 for k in kernel)
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Detector(nn.Module):
    """A gray frame, 4 × 4 pixels to a place's 16 channels -> for each 8-px cell a logit and four corners (cells, from its centre)."""

    def __init__(self):
        super().__init__()
        self.at8 = nn.Sequential(conv(16, 48, stride=2), conv(48, 48))
        self.at16 = nn.Sequential(conv(48, 96, stride=2), conv(96, 96))
        self.at32 = nn.Sequential(conv(96, 128, stride=2), conv(128, 128), conv(128, 128))
        self.from32, self.from16 = nn.Conv2d(128, 96, 1), nn.Conv2d(96, 48, 1)
        self.up = nn.Upsample(scale_factor=2, mode='nearest')
        self.head, self.out = conv(48, 48), nn.Conv2d(48, 9, 1)
        # Plates are rare: the first step should not spend itself on saying so.
        nn.init.constant_(self.out.bias[:1], -4.)

    def forward(self, frame):
        a = self.at8(frame)
        b = self.at16(a)
        c = self.at32(b)
        b = torch.relu(b + self.up(self.from32(c)))
        a = torch.relu(a + self.up(self.from16(b)))
        return self.out(self.head(a))


class Corners(nn.Module):
    """A patch around a find -> its corners in -1..1 of the patch, and whether it is none, a plate of one row, of two."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(conv(1, 16, 5, 2), conv(16, 32, stride=2), conv(32, 48), conv(48, 64, stride=2), conv(64, 64), conv(64, 96, stride=2), conv(96, 96))
        self.hidden = nn.Linear(96 * 4 * 8, 128)
        self.corners, self.kind = nn.Linear(128, 8), nn.Linear(128, 3)

    def forward(self, patch):
        h = torch.relu(self.hidden(self.body(patch).flatten(1)))
        return self.corners(h), self.kind(h)


class Reader(nn.Module):
    """A rectified plate -> logits of 48 steps over blank and the alphabet (CTC), and logits of its origin."""

    def __init__(self, characters=37, origins=14):
        super().__init__()
        self.body = nn.Sequential(conv(1, 16, 5, 2), conv(16, 48, stride=2), conv(48, 64), conv(64, 96, stride=(2, 1)))
        self.deep = conv(96, 96)
        self.column = conv(96, 128, (5, 1), padding=0)
        self.along = nn.ModuleList([conv(128, 128, (1, 5)), conv(128, 128, (1, 5))])
        self.drop = nn.Dropout2d(.05)
        self.out = nn.Conv2d(128, characters, 1)
        self.origin = nn.Linear(128, origins)

    def forward(self, plate):
        x = self.body(plate)
        x = self.column(x + self.deep(x))
        for step in self.along:
            x = x + step(x)
        return self.out(self.drop(x)).squeeze(2).permute(0, 2, 1), self.origin(x.mean((2, 3)))
