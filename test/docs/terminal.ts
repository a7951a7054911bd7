/** How a character looks: what the program's colours (SGR) make of it. */
export interface Look {
  readonly bold: boolean;
  readonly dim: boolean;
  /** A colour of the terminal by its SGR number (31 is red), or none. */
  readonly color?: number;
}
export interface Cell {
  readonly char: string;
  readonly look: Look;
}

const plain: Look = { bold: false, dim: false };
const ESCAPE = '\u001B';
const CONTROL = new RegExp(String.raw`${ESCAPE}\[(\??)([\d;]*)([A-Za-z])`, 'y');

/**
 * As much of a terminal as the program uses: what stays on the screen after a spinner has come and
 * gone. A control sequence that it does not know is an error, so that nothing is drawn wrongly.
 * Longer lines go on in the next one, as in a terminal with `columns` columns.
 */
export class Terminal {
  readonly isTTY = true;
  readonly columns: number;
  readonly #rows: Cell[][] = [[]];
  #row = 0;
  #column = 0;
  #look = plain;

  constructor(columns: number) {
    this.columns = columns;
  }

  /** The rows, without empty ones at the end. */
  get rows(): readonly (readonly Cell[])[] {
    const last = this.#rows.findLastIndex((row) => row.length > 0);
    return this.#rows.slice(0, last + 1);
  }

  write(text: string): boolean {
    for (let at = 0; at < text.length;) {
      CONTROL.lastIndex = at;
      const control = CONTROL.exec(text);
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (control) this.#control(control);
      else if (char === '\n') this.#goTo(this.#row + 1, 0);
      else if (char < ' ') throw new Error(`not drawn: ${JSON.stringify(char)}`);
      else this.#put(char);
      at += control ? control[0].length : char.length;
    }
    return true;
  }

  // The three that ora calls on its stream (Node's tty.WriteStream).
  cursorTo(column: number): boolean {
    return this.#goTo(this.#row, column);
  }
  moveCursor(right: number, down: number): boolean {
    return this.#goTo(this.#row + down, this.#column + right);
  }
  clearLine(direction: -1 | 0 | 1): boolean {
    if (direction !== 1) throw new Error(`not drawn: clearLine(${direction})`);
    this.#rows[this.#row]?.splice(this.#column);
    return true;
  }

  #goTo(row: number, column: number): boolean {
    this.#row = row;
    this.#column = column;
    while (this.#rows.length <= row) this.#rows.push([]);
    return true;
  }

  #put(char: string): void {
    if (this.#column === this.columns) this.#goTo(this.#row + 1, 0);
    const row = this.#rows[this.#row] ?? [];
    while (row.length < this.#column) row.push({ char: ' ', look: plain });
    row[this.#column] = { char, look: this.#look };
    this.#column += 1;
  }

  #control([whole, isPrivate, numbers = '', end]: RegExpExecArray): void {
    // The cursor shown or hidden, and frames drawn at once: nothing of it stays.
    if (isPrivate && (numbers === '25' || numbers === '2026')) return;
    if (end !== 'm') throw new Error(`not drawn: ${JSON.stringify(whole)}`);
    for (const number of numbers.split(';').map(Number)) this.#paint(number);
  }

  #paint(number: number): void {
    const { color, ...rest } = this.#look;
    if (number === 0) this.#look = plain;
    else if (number === 1) this.#look = { ...this.#look, bold: true };
    else if (number === 2) this.#look = { ...this.#look, dim: true };
    else if (number === 22) this.#look = { ...this.#look, bold: false, dim: false };
    else if (number === 39) this.#look = rest;
    else if (number >= 30 && number <= 37) this.#look = { ...rest, color: number };
    else throw new Error(`not drawn: colour ${number} (after ${color})`);
  }
}
