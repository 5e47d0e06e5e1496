/** A plate as the API shows it (`plate_shown`), drawn like the plate on the car. */
export function Plate({ shown, size = "1.125rem" }: { shown: string; size?: string }) {
  if (!shown) return null;
  const [number, region] = parts(shown);
  return (
    <span className="plate" style={{ fontSize: size }}>
      <span>{number}</span>
      {region && <span className="region">{region}</span>}
    </span>
  );
}

/** The number and, where a plate has one in a field of its own, the region: `А 123 ВС 77` has, `AB 123 CD` has none. */
export function parts(shown: string): [number: string, region: string] {
  const russian = /^((?=.*[А-Я])\S.*|\d{3} [A-Z].*) (\d{2,3})$/.exec(shown);
  return russian?.[1] && russian[2] ? [russian[1], russian[2]] : [shown, ""];
}
