/** What every *.pb.go imports. */
export const messageImports = [
  'google.golang.org/protobuf/reflect/protoreflect',
  'google.golang.org/protobuf/runtime/protoimpl',
] as const;

/** What every *_grpc.pb.go imports. */
export const serviceImports = [
  'google.golang.org/grpc',
  'google.golang.org/grpc/codes',
  'google.golang.org/grpc/status',
] as const;

/** Where the Go of the .proto files is that come with the compiler (google/protobuf/timestamp.proto): people may import each. */
export const knownImports = [
  'google.golang.org/protobuf/types/descriptorpb',
  'google.golang.org/protobuf/types/gofeaturespb',
  'google.golang.org/protobuf/types/known/anypb',
  'google.golang.org/protobuf/types/known/apipb',
  'google.golang.org/protobuf/types/known/durationpb',
  'google.golang.org/protobuf/types/known/emptypb',
  'google.golang.org/protobuf/types/known/fieldmaskpb',
  'google.golang.org/protobuf/types/known/sourcecontextpb',
  'google.golang.org/protobuf/types/known/structpb',
  'google.golang.org/protobuf/types/known/timestamppb',
  'google.golang.org/protobuf/types/known/typepb',
  'google.golang.org/protobuf/types/known/wrapperspb',
  'google.golang.org/protobuf/types/pluginpb',
] as const;
