using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

// What lies in assemblies, a line each, after "assembly NAME": "public MEMBER" is what others may use, "uses MEMBER" what it uses
// of others, "refers ASSEMBLY", "generic MEMBER" a virtual method with type parameters, "native LIBRARY FUNCTION" what is no C#.
internal static class AssemblyReader
{
    private static void Main(string[] paths)
    {
        foreach (string path in paths)
        {
            using (FileStream file = File.OpenRead(path))
            using (PEReader pe = new PEReader(file))
            {
                Console.WriteLine("assembly " + Path.GetFileNameWithoutExtension(path));
                Contents contents = new Contents(pe.GetMetadataReader());
                foreach (string line in contents.Public().Concat(contents.Used()))
                {
                    Console.WriteLine(line);
                }
            }
        }
    }
}

internal sealed class Contents
{
    private readonly MetadataReader _reader;
    private readonly Names _names = new Names();

    internal Contents(MetadataReader reader) => _reader = reader;

    internal IEnumerable<string> Public()
    {
        foreach (TypeDefinitionHandle handle in _reader.TypeDefinitions)
        {
            TypeDefinition type = _reader.GetTypeDefinition(handle);
            if (IsSeen(type))
            {
                foreach (string line in Of(handle, type))
                {
                    yield return "public " + line;
                }
            }
        }
    }

    private bool IsSeen(TypeDefinition type)
    {
        TypeAttributes seen = type.Attributes & TypeAttributes.VisibilityMask;
        bool isNested = seen == TypeAttributes.NestedPublic || seen == TypeAttributes.NestedFamily;
        return seen == TypeAttributes.Public || (isNested && IsSeen(_reader.GetTypeDefinition(type.GetDeclaringType())));
    }

    private IEnumerable<string> Of(TypeDefinitionHandle handle, TypeDefinition type)
    {
        string name = _names.GetTypeFromDefinition(_reader, handle, 0), parent = Base(type);
        string kind = (type.Attributes & TypeAttributes.Interface) != 0 ? "interface"
            : parent == "System.Enum" ? "enum" : parent == "System.ValueType" ? "struct"
            : parent == "System.MulticastDelegate" ? "delegate" : "class";
        string scope = _reader.GetString(Outermost(type).Namespace);
        string shown = kind == "class" && parent != "object" ? $" : {parent}" : "";
        yield return $"{kind} {(scope.Length > 0 ? scope + "." : "")}{name}{shown}";
        foreach (FieldDefinitionHandle one in type.GetFields())
        {
            FieldDefinition field = _reader.GetFieldDefinition(one);
            if (IsSeen((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask)) && (field.Attributes & FieldAttributes.SpecialName) == 0)
            {
                string lasting = kind != "enum" && (field.Attributes & FieldAttributes.Static) != 0 ? "static " : "";
                string of = kind == "enum" ? "" : $": {lasting}{field.DecodeSignature(_names, Generics.Of(_reader, type))}";
                yield return $"{name} {_reader.GetString(field.Name)}{of}";
            }
        }
        HashSet<MethodDefinitionHandle> accessors = new HashSet<MethodDefinitionHandle>();
        foreach (PropertyDefinitionHandle one in type.GetProperties())
        {
            PropertyDefinition property = _reader.GetPropertyDefinition(one);
            PropertyAccessors both = property.GetAccessors();
            MethodSignature<string> signature = property.DecodeSignature(_names, Generics.Of(_reader, type));
            string ways = (IsSeen(both.Getter) ? " get;" : "") + (IsSeen(both.Setter) ? " set;" : "");
            string index = signature.ParameterTypes.Length > 0 ? $"[{string.Join(", ", signature.ParameterTypes)}]" : "";
            accessors.Add(both.Getter);
            accessors.Add(both.Setter);
            if (ways.Length > 0)
            {
                string lasting = signature.Header.IsInstance ? "" : "static ";
                string called = index.Length > 0 ? "this" + index : _reader.GetString(property.Name);
                yield return $"{name} {called}: {lasting}{signature.ReturnType} {{{ways} }}";
            }
        }
        foreach (EventDefinitionHandle one in type.GetEvents())
        {
            EventDefinition found = _reader.GetEventDefinition(one);
            EventAccessors both = found.GetAccessors();
            accessors.Add(both.Adder);
            accessors.Add(both.Remover);
            if (IsSeen(both.Adder))
            {
                MethodSignature<string> adder = _reader.GetMethodDefinition(both.Adder).DecodeSignature(_names, Generics.Of(_reader, type));
                string lasting = adder.Header.IsInstance ? "" : "static ";
                yield return $"{name} {_reader.GetString(found.Name)}: {lasting}event {adder.ParameterTypes[0]}";
            }
        }
        foreach (MethodDefinitionHandle one in type.GetMethods())
        {
            MethodDefinition method = _reader.GetMethodDefinition(one);
            string called = _reader.GetString(method.Name);
            bool overrides = (method.Attributes & MethodAttributes.Virtual) != 0 && (method.Attributes & MethodAttributes.NewSlot) == 0;
            if (accessors.Contains(one) || overrides || !IsSeen(one) || (kind == "delegate" && called != "Invoke"))
            {
                continue;
            }
            Generics generics = Generics.Of(_reader, type, method);
            MethodSignature<string> signature = method.DecodeSignature(_names, generics);
            string open = generics.Method.Length > 0 ? $"<{string.Join(", ", generics.Method)}>" : "";
            string parameters = string.Join(", ", signature.ParameterTypes);
            string lasting = signature.Header.IsInstance ? "" : "static ";
            if (called != ".ctor")
            {
                yield return $"{name} {called}{open}({parameters}): {lasting}{signature.ReturnType}";
            }
            else if (parameters.Length > 0)
            {
                yield return $"{name} new({parameters})";
            }
        }
    }

    private bool IsSeen(MethodDefinitionHandle method) =>
        !method.IsNil && IsSeen(_reader.GetMethodDefinition(method).Attributes & MethodAttributes.MemberAccessMask);

    private static bool IsSeen(MethodAttributes access) =>
        access == MethodAttributes.Public || access == MethodAttributes.Family || access == MethodAttributes.FamORAssem;

    private string Base(TypeDefinition type)
    {
        if (type.BaseType.IsNil)
        {
            return "object";
        }
        return type.BaseType.Kind == HandleKind.TypeSpecification
            ? _reader.GetTypeSpecification((TypeSpecificationHandle)type.BaseType).DecodeSignature(_names, Generics.Of(_reader, type))
            : type.BaseType.Kind == HandleKind.TypeReference
            ? Full((TypeReferenceHandle)type.BaseType)
            : _names.GetTypeFromDefinition(_reader, (TypeDefinitionHandle)type.BaseType, 0);
    }

    private TypeDefinition Outermost(TypeDefinition type) =>
        type.GetDeclaringType().IsNil ? type : Outermost(_reader.GetTypeDefinition(type.GetDeclaringType()));

    // With its namespace where that is not Unity's.
    private string Full(TypeReferenceHandle handle)
    {
        TypeReference type = _reader.GetTypeReference(handle);
        string scope = _reader.GetString(type.Namespace), name = _names.GetTypeFromReference(_reader, handle, 0);
        return name == "object" || !scope.StartsWith("System", StringComparison.Ordinal) ? name : $"{scope}.{name}";
    }

    internal IEnumerable<string> Used()
    {
        foreach (AssemblyReferenceHandle handle in _reader.AssemblyReferences)
        {
            yield return "refers " + _reader.GetString(_reader.GetAssemblyReference(handle).Name);
        }
        foreach (MemberReferenceHandle handle in _reader.MemberReferences)
        {
            MemberReference member = _reader.GetMemberReference(handle);
            yield return $"uses {Owner(member.Parent)} {_reader.GetString(member.Name)}";
        }
        foreach (TypeReferenceHandle handle in _reader.TypeReferences)
        {
            yield return $"uses {WithScope(handle)}";
        }
        foreach (MethodDefinitionHandle handle in _reader.MethodDefinitions)
        {
            MethodDefinition method = _reader.GetMethodDefinition(handle);
            if (method.GetGenericParameters().Count > 0 && (method.Attributes & MethodAttributes.Virtual) != 0)
            {
                yield return $"generic {_names.GetTypeFromDefinition(_reader, method.GetDeclaringType(), 0)} {_reader.GetString(method.Name)}";
            }
            if ((method.Attributes & MethodAttributes.PinvokeImpl) != 0)
            {
                MethodImport import = method.GetImport();
                yield return $"native {_reader.GetString(_reader.GetModuleReference(import.Module).Name)} {_reader.GetString(import.Name)}";
            }
        }
    }

    private string Owner(EntityHandle parent)
    {
        switch (parent.Kind)
        {
            case HandleKind.TypeReference:
                return WithScope((TypeReferenceHandle)parent);
            case HandleKind.TypeSpecification:
                BlobReader blob = _reader.GetBlobReader(_reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
                while (blob.RemainingBytes > 0)
                {
                    // GENERICINST, CLASS or VALUETYPE, then the type.
                    SignatureTypeCode code = (SignatureTypeCode)blob.ReadByte();
                    if (code == SignatureTypeCode.GenericTypeInstance)
                    {
                        blob.ReadByte();
                        EntityHandle generic = blob.ReadTypeHandle();
                        return generic.Kind == HandleKind.TypeReference ? WithScope((TypeReferenceHandle)generic) : "own";
                    }
                }
                return "own";
            default:
                return "own";
        }
    }

    private string WithScope(TypeReferenceHandle handle)
    {
        TypeReference type = _reader.GetTypeReference(handle);
        string name = _reader.GetString(type.Name).Split('`')[0];
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            return $"{WithScope((TypeReferenceHandle)type.ResolutionScope)}.{name}";
        }
        string scope = _reader.GetString(type.Namespace);
        return scope.Length > 0 ? $"{scope}.{name}" : name;
    }
}

internal sealed class Generics
{
    internal ImmutableArray<string> Type = ImmutableArray<string>.Empty, Method = ImmutableArray<string>.Empty;

    internal static Generics Of(MetadataReader reader, TypeDefinition type) =>
        new Generics { Type = Of(reader, type.GetGenericParameters()) };

    internal static Generics Of(MetadataReader reader, TypeDefinition type, MethodDefinition method) =>
        new Generics { Type = Of(reader, type.GetGenericParameters()), Method = Of(reader, method.GetGenericParameters()) };

    private static ImmutableArray<string> Of(MetadataReader reader, GenericParameterHandleCollection all) =>
        all.Select(one => reader.GetString(reader.GetGenericParameter(one).Name)).ToImmutableArray();
}

// Types as C# spells them, without namespaces.
internal sealed class Names : ISignatureTypeProvider<string, Generics>
{
    public string GetPrimitiveType(PrimitiveTypeCode code) => code switch
    {
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.Byte => "byte",
        PrimitiveTypeCode.Char => "char",
        PrimitiveTypeCode.Double => "double",
        PrimitiveTypeCode.Int16 => "short",
        PrimitiveTypeCode.Int32 => "int",
        PrimitiveTypeCode.Int64 => "long",
        PrimitiveTypeCode.Object => "object",
        PrimitiveTypeCode.Single => "float",
        PrimitiveTypeCode.String => "string",
        PrimitiveTypeCode.UInt32 => "uint",
        PrimitiveTypeCode.UInt64 => "ulong",
        PrimitiveTypeCode.Void => "void",
        _ => code.ToString(),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = Plain(reader.GetString(type.Name));
        if (type.GetGenericParameters().Count > 0)
        {
            name += $"<{string.Join(", ", Generics.Of(reader, type).Type)}>";
        }
        TypeDefinitionHandle outer = type.GetDeclaringType();
        return outer.IsNil ? name : $"{GetTypeFromDefinition(reader, outer, 0)}.{name}";
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = Plain(reader.GetString(type.Name));
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            return $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}.{name}";
        }
        return name == "Object" && reader.GetString(type.Namespace) == "System" ? "object" : name;
    }

    private static string Plain(string name) => name.Split('`')[0];

    public string GetTypeFromSpecification(MetadataReader reader, Generics context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);
    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        $"{genericType.Split('<')[0]}<{string.Join(", ", typeArguments)}>";
    public string GetGenericMethodParameter(Generics context, int index) => context.Method[index];
    public string GetGenericTypeParameter(Generics context, int index) => context.Type[index];
    public string GetSZArrayType(string elementType) => $"{elementType}[]";
    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";
    public string GetByReferenceType(string elementType) => $"ref {elementType}";
    public string GetPointerType(string elementType) => $"{elementType}*";
    public string GetPinnedType(string elementType) => elementType;
    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;
    public string GetFunctionPointerType(MethodSignature<string> signature) => "function";
}
