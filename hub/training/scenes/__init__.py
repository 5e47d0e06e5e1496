"""Rendered scenes of cars with number plates, all drawn by code: nothing in them was photographed.

`still` and `empty` make single pictures.
"""
from .stills import empty, still

__all__ = ['empty', 'still']
