gates = Gates
gates-none = The gates that you may open will be shown here.
