choose-house = Number of the house
choose-person = Name, telephone, plate
choose-nothing = Nothing found
choose-clear = Clear
choose-begin = Begin to type
