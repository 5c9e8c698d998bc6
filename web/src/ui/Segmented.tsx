import { useId } from "react";
import styles from "./Segmented.module.css";

interface Option<T> {
  value: T;
  text: string;
  lang?: string;
}

interface Props<T> {
  label: string;
  options: Option<T>[];
  value: T;
  onChange: (value: T) => void;
}

/** One choice of a few, all in sight. Real radio buttons, so arrows work and readers know. */
export function Segmented<T extends string | number>({ label, options, value, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={styles["group"]}>
      <legend className="hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles["option"]} lang={option.lang}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
