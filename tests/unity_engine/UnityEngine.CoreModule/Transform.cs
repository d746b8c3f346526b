using System;
using System.Collections;
using System.Collections.Generic;

namespace UnityEngine
{
    public enum Space { World = 0, Self = 1 }

    public class Transform : Component, IEnumerable
    {
        internal long Writes;
        private readonly List<Transform> _children = new List<Transform>();
        private Transform _parent;
        private Vector3 _position, _scale = Vector3.one;
        private Quaternion _rotation = Quaternion.identity;

        internal Transform() { }

        private void Write()
        {
            World.OnMainThread();
            Alive();
            Writes++;
            hasChanged = true;
        }

        public Vector3 localPosition
        {
            get
            {
                Alive();
                return _position;
            }
            set
            {
                Write();
                _position = value;
            }
        }
        public Quaternion localRotation
        {
            get
            {
                Alive();
                return _rotation;
            }
            set
            {
                Write();
                _rotation = value;
            }
        }
        public Vector3 localScale
        {
            get
            {
                Alive();
                return _scale;
            }
            set
            {
                Write();
                _scale = value;
            }
        }
        public Vector3 localEulerAngles { get => localRotation.eulerAngles; set => localRotation = Quaternion.Euler(value); }
        public Vector3 eulerAngles { get => rotation.eulerAngles; set => rotation = Quaternion.Euler(value); }
        public Vector3 position
        {
            get => _parent is null ? localPosition : _parent.TransformPoint(localPosition);
            set => localPosition = _parent is null ? value : _parent.InverseTransformPoint(value);
        }
        public Quaternion rotation
        {
            get => _parent is null ? localRotation : _parent.rotation * localRotation;
            set => localRotation = _parent is null ? value : Quaternion.Inverse(_parent.rotation) * value;
        }
        public Vector3 forward { get => rotation * Vector3.forward; set => rotation = Quaternion.LookRotation(value); }
        public Vector3 right => rotation * Vector3.right;
        public Vector3 up => rotation * Vector3.up;

        // The diagonal of what is left of the matrix without the rotation.
        public Vector3 lossyScale
        {
            get
            {
                Matrix4x4 matrix = localToWorldMatrix;
                Quaternion back = Quaternion.Inverse(rotation);
                return new Vector3((back * (Vector3)matrix.GetColumn(0)).x, (back * (Vector3)matrix.GetColumn(1)).y, (back * (Vector3)matrix.GetColumn(2)).z);
            }
        }
        public Matrix4x4 localToWorldMatrix
        {
            get
            {
                Matrix4x4 own = Matrix4x4.TRS(localPosition, localRotation, localScale);
                return _parent is null ? own : _parent.localToWorldMatrix * own;
            }
        }
        public Matrix4x4 worldToLocalMatrix => localToWorldMatrix.inverse;
        public bool hasChanged { get; set; } = true;

        public Vector3 TransformPoint(Vector3 position)
        {
            Vector3 found = localPosition + localRotation * Vector3.Scale(localScale, position);
            return _parent is null ? found : _parent.TransformPoint(found);
        }
        public Vector3 TransformPoint(float x, float y, float z) => TransformPoint(new Vector3(x, y, z));
        public Vector3 InverseTransformPoint(Vector3 position)
        {
            Vector3 found = _parent is null ? position : _parent.InverseTransformPoint(position);
            return Unscaled(Quaternion.Inverse(localRotation) * (found - localPosition));
        }
        public Vector3 TransformVector(Vector3 vector)
        {
            Vector3 found = localRotation * Vector3.Scale(localScale, vector);
            return _parent is null ? found : _parent.TransformVector(found);
        }
        public Vector3 InverseTransformVector(Vector3 vector)
        {
            Vector3 found = _parent is null ? vector : _parent.InverseTransformVector(vector);
            return Unscaled(Quaternion.Inverse(localRotation) * found);
        }
        public Vector3 TransformDirection(Vector3 direction) => rotation * direction;
        public Vector3 InverseTransformDirection(Vector3 direction) => Quaternion.Inverse(rotation) * direction;
        private Vector3 Unscaled(Vector3 v) => new Vector3(v.x / localScale.x, v.y / localScale.y, v.z / localScale.z);

        public void SetPositionAndRotation(Vector3 position, Quaternion rotation)
        {
            this.position = position;
            this.rotation = rotation;
        }
        public void SetLocalPositionAndRotation(Vector3 localPosition, Quaternion localRotation)
        {
            this.localPosition = localPosition;
            this.localRotation = localRotation;
        }
        public void GetPositionAndRotation(out Vector3 position, out Quaternion rotation)
        {
            position = this.position;
            rotation = this.rotation;
        }
        public void GetLocalPositionAndRotation(out Vector3 localPosition, out Quaternion localRotation)
        {
            localPosition = this.localPosition;
            localRotation = this.localRotation;
        }
        public void Rotate(Vector3 eulers) => localRotation *= Quaternion.Euler(eulers);
        public void Translate(Vector3 translation) => position += TransformDirection(translation);

        public Transform parent { get => _parent; set => SetParent(value); }
        public Transform root => _parent is null ? this : _parent.root;
        public int childCount => _children.Count;
        public Transform GetChild(int index) => _children[index];
        public void SetParent(Transform p) => SetParent(p, true);
        public void SetParent(Transform parent, bool worldPositionStays)
        {
            World.OnMainThread();
            Alive();
            for (Transform one = parent; !(one is null); one = one._parent)
            {
                if (one == this)
                {
                    return;
                }
            }
            Vector3 place = position, scale = lossyScale;
            Quaternion turn = rotation;
            bool wasActive = Owner.activeInHierarchy;
            _parent?._children.Remove(this);
            _parent = parent ? parent : null;
            _parent?._children.Add(this);
            if (worldPositionStays)
            {
                position = place;
                rotation = turn;
                Vector3 now = _parent is null ? Vector3.one : _parent.lossyScale;
                _scale = new Vector3(scale.x / now.x, scale.y / now.y, scale.z / now.z);
            }
            if (Owner.activeInHierarchy != wasActive)
            {
                Owner.Tell();
            }
        }
        public void DetachChildren()
        {
            while (_children.Count > 0)
            {
                _children[0].SetParent(null);
            }
        }
        public int GetSiblingIndex() => _parent is null ? 0 : _parent._children.IndexOf(this);
        public void SetSiblingIndex(int index)
        {
            if (!(_parent is null))
            {
                _parent._children.Remove(this);
                _parent._children.Insert(Math.Min(index, _parent._children.Count), this);
            }
        }
        public bool IsChildOf(Transform parent)
        {
            for (Transform one = this; !(one is null); one = one._parent)
            {
                if (one == parent)
                {
                    return true;
                }
            }
            return false;
        }
        // A child by name or path; not deeper than the path says.
        public Transform Find(string n)
        {
            Transform one = this;
            foreach (string part in n.Split('/'))
            {
                one = part.Length == 0 ? one : one._children.Find(child => child.Owner.NameNow == part);
                if (one is null)
                {
                    return null;
                }
            }
            return one;
        }
        public IEnumerator GetEnumerator() => _children.ToArray().GetEnumerator();
    }
}
