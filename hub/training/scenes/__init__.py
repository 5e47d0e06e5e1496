"""Rendered scenes of cars with number plates, all drawn by code: nothing in them was photographed.

`still` and `empty` make single pictures, `approach` a car's way to a gate, frame by frame; `write_approaches`, `write_demo` and
`write_pictures` keep such frames as files.
"""
from .drive import approach
from .demo import write_demo
from .moving import write_approaches
from .pictures import write_pictures
from .stills import empty, still

__all__ = ['approach', 'empty', 'still', 'write_approaches', 'write_demo', 'write_pictures']
