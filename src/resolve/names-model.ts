/** One name in every spelling. */
export interface Names {
  /** As the manifest writes it: `order-line`, `customer_id`. */
  readonly written: string;
  /** `order-line` */
  readonly kebab: string;
  /** `order_line` */
  readonly snake: string;
  /** `orderLine`; never a safe Go identifier by itself, see {@link Names.goVar}. */
  readonly camel: string;
  /** `OrderLine`, `CustomerID` */
  readonly pascal: string;
  /** `ORDER_LINE` */
  readonly screaming: string;
  /** Prose: `order line`, `customer ID`. */
  readonly words: string;
  /** {@link Names.words} with its first letter in upper case: `Order line`. */
  readonly title: string;
  /** `an order line`, `a customer ID` */
  readonly withArticle: string;
  /** Unexported Go identifier that shadows nothing a template uses: `orderLine`, `typeValue`. */
  readonly goVar: string;
}
