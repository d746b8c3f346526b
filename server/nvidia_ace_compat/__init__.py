"""Messages of NVIDIA's Audio2Face-3D, generated from proto/compat, in a pool of their own: NVIDIA's package, which has
messages of the same names, can be imported in the same process."""

from google.protobuf import any_pb2
from google.protobuf.descriptor_pool import DescriptorPool

POOL = DescriptorPool()
POOL.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
