import { useTexts } from "../app/locale.ts";
import styles from "./DatabaseView.module.css";
import type { DatabaseTable } from "./types.ts";

/** The caller's own rows, as the product's API shows them. */
export function DatabaseView({ tables }: { tables: DatabaseTable[] }) {
  const { inside: words } = useTexts().simulator;
  const filled = tables.filter((table) => table.rows.length > 0);
  return (
    <div className={styles["list"]} tabIndex={0} role="group" aria-label={words.tabs.database}>
      {filled.length === 0 && <p className={styles["empty"]}>{words.noRows}</p>}
      {filled.map((table) => (
        <Rows key={table.table} table={table} />
      ))}
    </div>
  );
}

function Rows({ table }: { table: DatabaseTable }) {
  const { inside: words } = useTexts().simulator;
  const columns = [...new Set(table.rows.flatMap((row) => Object.keys(row)))];
  return (
    <section className={styles["table"]}>
      <h3 className={styles["name"]}>
        {table.table} <span className={styles["count"]}>{words.rows(table.rows.length)}</span>
      </h3>
      <div className={styles["scroller"]} tabIndex={0} role="group" aria-label={table.table}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, index) => (
              <tr key={typeof row["id"] === "string" ? row["id"] : index}>
                {columns.map((column) => (
                  <td key={column} title={shown(row[column])}>
                    {shown(row[column])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
