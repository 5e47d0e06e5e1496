# Keys on the screen.
keys = Keys
keys-clear = Clear
keys-erase = Erase the last character
keys-space = Space
keys-layout-number = Digits
keys-layout-plate = Plate
keys-layout-words = Letters
