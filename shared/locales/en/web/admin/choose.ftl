choose-house = Begin to type the house
choose-person = Name, telephone or plate
choose-nothing = Nothing found
choose-clear = Clear
