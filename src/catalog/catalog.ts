/**
 * What `templates/` holds, as readonly plain data: the input of `resolve` and `render`. It comes from the bundle
 * (`loadCatalog`) or from the files of a directory (`catalogFrom`); both give the same bytes.
 *
 * @typeParam T what a template is: a function, or its program in the bundle
 */
export interface Catalog<T = Template> {
  /** Sorted: `service` first, then the components by name; glue (`a+b`) after them, by name. */
  readonly components: readonly Component<T>[];
  /** Plain Go packages that rendered services copy, sorted by directory. */
  readonly packages: readonly GoPackage[];
  /** The slots that templates may ask for, sorted by name. */
  readonly slots: readonly Slot[];
  /** The files of the bundle that a cluster gets once, sorted by path. */
  readonly platform: readonly TemplateFile<T>[];
  /** What services of earlier versions need, the earliest version first. */
  readonly versions: readonly TemplateVersion[];
}

/** What a version of the templates does with services that an earlier one rendered. */
export interface TemplateVersion {
  /** `1.4.0` */
  readonly version: string;
  /** Where rendered files went, new path by old path. */
  readonly renames: Readonly<Record<string, string>>;
  /** What becomes of the manifest, in this order. */
  readonly manifest: readonly ManifestUpgrade[];
}

/** One change of a manifest; keys are joined by dots: `tier`, `auth.audience`. */
export type ManifestUpgrade =
  | { readonly rename: string; readonly to: string }
  | { readonly set: string; readonly value: unknown }
  | { readonly remove: string };

/** How a file is treated after its first render; see docs on ownership. */
export type OwnershipClass = 'generated' | 'derived' | 'managed' | 'yours' | 'ejected';

/** Permission bits of a rendered file. */
export type FileMode = 0o644 | 0o755;

/** One folder of `templates/`: `service`, a component, or the glue of two components (`a+b`). */
export interface Component<T = Template> {
  readonly name: string;
  readonly title: string;
  /** One line for `list` and `explain`. */
  readonly summary: string;
  /** Dot path of the ServiceModel that must be truthy; absent: only by name under `components:` (`service`: always; glue: both parts). */
  readonly activeWhen?: string;
  /** Dot path of a resource or client that must be truthy for this component's `__resource__` or `__client__` files; absent: every one. */
  readonly appliesTo?: string;
  /** The keys of its packages are there once for each client to which the component applies, behind the client's prefix. */
  readonly keysFor?: 'client';
  /** Components that must be active beside this one. */
  readonly requires: readonly string[];
  readonly conflicts: readonly string[];
  /** Manifest features that this component brings, such as `rest` or `mysql`; what nobody provides is refused by name. */
  readonly provides: readonly string[];
  /** JSON Schema of the options under `components.<name>`. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env: readonly EnvironmentKey[];
  readonly ports: readonly Port[];
  readonly images: readonly Image[];
  readonly files: readonly TemplateFile<T>[];
  readonly fragments: readonly Fragment<T>[];
}

/** An environment key that no Go `Config` struct declares, such as GOMEMLIMIT. */
export interface EnvironmentKey {
  readonly key: string;
  readonly description: string;
  readonly default?: string;
  readonly secret: boolean;
}

export interface Port {
  readonly name: string;
  readonly number: number;
  readonly description: string;
}

/** A container image, said once for Dockerfile, compose and tests. */
export interface Image {
  readonly name: string;
  readonly reference: string;
}

/** What a compiled template calls while it renders. */
export interface RenderKit {
  /** Inline helpers by name; the template check has proven each call against its signature. */
  readonly helpers: Readonly<Record<string, (...args: never[]) => string>>;
  /** Block helpers by name: the block's text first, then the tag's arguments. */
  readonly blocks: Readonly<Record<string, (text: string, ...args: never[]) => string>>;
  /** Returns a value as text; throws for null and undefined, naming the place `line:column`. */
  print(value: unknown, place: string): string;
  /** What `if` asks: false for undefined, null, false, 0, "" and []. */
  truthy(value: unknown): boolean;
  /** Renders the slot's fragments with the context; `indent` goes before every line that is not empty. */
  slot(name: string, context: unknown, indent: string): string;
}

/** A compiled template: context in, text out. */
export type Template = (context: unknown, kit: RenderKit) => string;

/** One template under `files/`. */
export interface TemplateFile<T = Template> {
  /** Path in the service, with `__service__`, `__resource.goPackage__`, … as name variables. */
  readonly path: string;
  /** Path of the template under `templates/`, for error messages. */
  readonly source: string;
  readonly class: OwnershipClass;
  readonly mode: FileMode;
  readonly template: T;
}

/** One template under `slots/`: what a component gives to a slot. */
export interface Fragment<T = Template> {
  readonly slot: string;
  readonly source: string;
  readonly template: T;
}

/** A place in a template that components fill. Declared in `service/slots.yaml`. */
export interface Slot {
  readonly name: string;
  readonly summary: string;
  /** Type of the fragments' context: a name exported by `src/render/context.ts`. */
  readonly context: string;
}

/** A plain Go package of `templates/`, copied into the services that reach it. */
export interface GoPackage {
  /** Name of the package's folder, unique over all components: `mysqldb`. */
  readonly name: string;
  /** The component it belongs to. */
  readonly owner: string;
  /** Import path here: `create-service/templates/components/mysql/platform/mysqldb`. */
  readonly importPath: string;
  /** Folder in a service: `internal/platform/mysqldb`. */
  readonly directory: string;
  /** Import paths of the plain Go packages that it imports, sorted. */
  readonly imports: readonly string[];
  readonly files: readonly PackageFile[];
  /** Configuration keys that its structs declare with `env:` tags, in source order. */
  readonly config: readonly ConfigKey[];
}

export interface PackageFile {
  readonly name: string;
  readonly body: string;
}

/** One field of a Go configuration struct: the source of README tables, ConfigMaps and Secrets. */
export interface ConfigKey {
  /** Environment key: `HTTP_ADDR`. */
  readonly key: string;
  /** The struct that holds it: `Config`. */
  readonly struct: string;
  /** Go field name: `Addr`. */
  readonly field: string;
  /** Go type as written: `time.Duration`. */
  readonly type: string;
  /** Absent: no default. */
  readonly default?: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly min?: string;
  readonly max?: string;
  /** The field's doc comment, as one line. */
  readonly doc: string;
}
