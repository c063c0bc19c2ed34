import classes from './policy.module.css';

/** Says that a policy is the active one. */
export function ActiveMark() {
  return <span className={classes.active}>Active</span>;
}
