import classes from './states.module.css';

/** A document as indented JSON. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label={label} className={classes.json}>
      {JSON.stringify(value, null, 2)}
    </section>
  );
}
